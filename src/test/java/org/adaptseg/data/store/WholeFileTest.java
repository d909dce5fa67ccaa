package org.adaptseg.data.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeFileTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path directory;

  private void write(String name, String content) throws IOException {
    WholeFile.write(
        new org.apache.hadoop.fs.Path(directory.resolve(name).toUri()),
        new org.apache.hadoop.fs.Path(directory.resolve("t/1").toUri()),
        out -> out.write(content.getBytes(StandardCharsets.UTF_8)),
        HADOOP);
  }

  @Test
  void theNewContentTakesThePlaceOfTheOldAndNothingElseIsLeft() throws IOException {
    write("a b/x.txt", "old");
    write("a b/x.txt", "new");

    assertThat(directory.resolve("a b/x.txt")).hasContent("new");
    try (Stream<Path> all = Files.walk(directory)) {
      assertThat(all.filter(Files::isRegularFile)).hasSize(1);
    }
  }

  @Test
  void aFileOfAnotherProgramMayBeReplacedWithItsChecksum() throws IOException {
    org.apache.hadoop.fs.Path file = path("x.txt");
    try (var out = file.getFileSystem(HADOOP).create(file)) {
      out.writeBytes("something with a checksum beside it");
    }

    write("x.txt", "new");

    try (var in = file.getFileSystem(HADOOP).open(file)) {
      assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("new");
    }
  }

  @Test
  void aFailureLeavesTheOldFileAndNoTemporaryOne() throws IOException {
    Files.writeString(directory.resolve("file"), "in the way");

    assertThatThrownBy(() -> write("file/x.txt", "new")).isInstanceOf(IOException.class);

    assertThat(directory.resolve("file")).hasContent("in the way");
    assertThat(directory.resolve("t/1")).doesNotExist();
  }

  /**
   * Hadoop's local files throw an error for it, when bytes are written or when they are flushed.
   */
  @ParameterizedTest
  @ValueSource(ints = {10, 1_000_000})
  void aFullDiskIsAnExceptionOfFilesAndLeavesTheOldFile(int bytes) throws IOException {
    Files.writeString(directory.resolve("x.txt"), "old");
    // A link, so that what is deleted is not the device.
    Path full = Files.createSymbolicLink(directory.resolve("full"), Path.of("/dev/full"));

    assertThatThrownBy(
            () ->
                WholeFile.write(
                    path("x.txt"), path("full"), out -> out.write(new byte[bytes]), HADOOP))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left on device");

    assertThat(directory.resolve("x.txt")).hasContent("old");
    assertThat(full).doesNotExist();
    assertThat(Path.of("/dev/full")).exists();
  }

  @Test
  void whatAKilledWriterLeftIsNeitherReadNorKept() throws IOException {
    Files.writeString(directory.resolve("_x.txt.next"), "half of the n");
    org.apache.hadoop.fs.Path file = path("x.txt");

    assertThat(WholeFile.read(file, 100, HADOOP)).isEmpty();
    assertThat(WholeFile.isTemporary("_x.txt.next")).isTrue();
    assertThat(WholeFile.isTemporary("x.txt")).isFalse();

    WholeFile.write(file, "new".getBytes(StandardCharsets.UTF_8), HADOOP);

    assertThat(WholeFile.read(file, 3, HADOOP)).map(String::new).hasValue("new");
    assertThat(directory.toFile().list()).containsExactly("x.txt");
  }

  @Test
  void aFileThatOnlyLacksItsNameIsRead() throws IOException {
    Files.writeString(directory.resolve("_x.txt.whole"), "all of the new");

    assertThat(WholeFile.read(path("x.txt"), 100, HADOOP))
        .map(String::new)
        .hasValue("all of the new");
  }

  @Test
  void aContentThatCannotBeComputedLeavesTheOldFile() throws IOException {
    write("x.txt", "old");

    assertThatThrownBy(
            () ->
                WholeFile.write(
                    path("x.txt"),
                    out -> {
                      out.write(1);
                      throw new IllegalStateException("computed no further");
                    },
                    HADOOP))
        .hasMessage("computed no further");

    assertThat(directory.resolve("_x.txt.next")).doesNotExist();
    assertThat(directory.resolve("x.txt")).hasContent("old");
  }

  @Test
  void aDirectoryOfTheNameIsRefused() throws IOException {
    Files.createDirectories(directory.resolve("x.txt"));

    assertThatThrownBy(() -> write("x.txt", "new"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected a file or nothing, found a directory");

    assertThat(directory.resolve("x.txt")).isEmptyDirectory();
  }

  @Test
  void aFileIsNotReadBeyondItsLimit() throws IOException {
    write("x.txt", "12345");

    assertThat(WholeFile.read(path("x.txt"), 5, HADOOP)).map(String::new).hasValue("12345");
    assertThatThrownBy(() -> WholeFile.read(path("x.txt"), 4, HADOOP))
        .isInstanceOf(BoundedBytes.ExceededException.class)
        .hasMessageContaining("expected at most 4 bytes, found more")
        .hasMessageContaining("x.txt");
  }

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(directory.resolve(name).toUri());
  }
}
