package org.adaptseg.engine.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherVersionsTest {
  private static final String MESSAGE =
      "libjnicudnn.so: libcudnn.so.9: cannot open shared object file: No such file or directory";

  @TempDir Path folder;

  @Test
  void ofALibraryThatIsMissingTheOtherVersionsAreNamed() throws IOException {
    Path other = Files.createFile(folder.resolve("libcudnn.so.8.9.7"));
    Files.createFile(folder.resolve("libcublas.so.11"));
    List<Path> folders = List.of(folder.resolve("nowhere"), folder);

    assertThat(OtherVersions.ofMissing(MESSAGE, folders))
        .isEqualTo("; of other versions there are " + other);
    assertThat(OtherVersions.ofMissing(MESSAGE.replace("cudnn.so.9", "cuda.so.1"), folders))
        .isEqualTo("; no other version of it is there");
    assertThat(OtherVersions.ofMissing("no room", folders)).isEmpty();
  }
}
