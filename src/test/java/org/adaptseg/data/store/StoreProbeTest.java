package org.adaptseg.data.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.adaptseg.data.store.StoreProbe.Access;
import org.adaptseg.data.store.StoreProbe.Place;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreProbeTest {
  @TempDir private Path directory;

  /** Two runs that start together probe one new directory, and each removes what it made. */
  @Test
  void aDirectoryThatAnotherProbeTakesAwayIsMadeAgain() throws StoreException {
    Vanishing.LEFT.set(3);
    probe();

    assertThat(Vanishing.LEFT).hasNegativeValue();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamedInTheEnd() {
    Vanishing.LEFT.set(Integer.MAX_VALUE);

    assertThatThrownBy(this::probe)
        .hasMessageContaining("output.dir: expected a directory that can be written to");
  }

  private void probe() throws StoreException {
    Configuration configuration = new Configuration(false);
    configuration.setClass("fs.vanishing.impl", Vanishing.class, RawLocalFileSystem.class);
    String uri = "vanishing://store" + directory.resolve("runs").resolve("new");
    new StoreProbe(configuration).require(List.of(new Place("output.dir", uri, Access.WRITE)));
  }

  /** Local files whose new directories another process removes a few times. */
  public static final class Vanishing extends RawLocalFileSystem {
    private static final AtomicInteger LEFT = new AtomicInteger();

    @Override
    public URI getUri() {
      return URI.create("vanishing://store");
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path file,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      if (LEFT.getAndDecrement() > 0) {
        throw new FileNotFoundException(file + " (No such file or directory)");
      }
      return super.create(file, overwrite, bufferSize, replication, blockSize, progress);
    }
  }
}
