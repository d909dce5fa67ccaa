package org.adaptseg.data.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.adaptseg.data.dataset.SplitListing;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFilesTest {
  private static final int LENGTH = 20_000;

  /** What a file may have beyond nine bytes a pixel. */
  private static final int HEADER = 1 << 20;

  @TempDir Path directory;
  private FileSystem files;

  @BeforeEach
  void open() throws IOException {
    files = FileSystem.getLocal(new Configuration());
  }

  private byte[] read(Path file, long listed, long maxPixels) throws IOException {
    StoreRetries once = new StoreRetries(1, Duration.ZERO);
    var path = new org.apache.hadoop.fs.Path(file.toUri());
    return ImageFiles.read(once, files, path, listed, maxPixels);
  }

  private Path write(int length) throws IOException {
    byte[] bytes = new byte[length];
    new Random(3).nextBytes(bytes);
    return Files.write(directory.resolve("image-" + length), bytes);
  }

  @ParameterizedTest
  @ValueSource(longs = {SplitListing.NO_FILE, 0, 1, LENGTH - 1, LENGTH, LENGTH + 1, 1L << 40})
  void theWholeFileIsReadWhateverLengthWasListed(long listed) throws IOException {
    Path file = write(LENGTH);

    assertThat(read(file, listed, 100)).isEqualTo(Files.readAllBytes(file));
  }

  @ParameterizedTest
  @ValueSource(longs = {SplitListing.NO_FILE, 1, HEADER + 900, HEADER + 901, 1L << 40})
  void aFileBeyondTheBoundIsRefusedWhateverLengthWasListed(long listed) throws IOException {
    assertThat(read(write(HEADER + 900), listed, 100)).hasSize(HEADER + 900);
    Path longer = write(HEADER + 901);
    assertThatThrownBy(() -> read(longer, listed, 100))
        .isInstanceOf(ImageFiles.TooLongException.class)
        .hasMessageContaining("expected at most " + (HEADER + 900) + " bytes")
        .hasMessageContaining(longer.toString());
  }

  @Test
  void anEmptyFileHasNoBytes() throws IOException {
    assertThat(read(write(0), SplitListing.NO_FILE, 100)).isEmpty();
    assertThat(read(write(0), 5, 100)).isEmpty();
  }
}
