package org.adaptseg.job.process;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFoldersTest {
  @TempDir Path directory;

  @Test
  void oneFolderThatCanBeWrittenIsEnough() throws IOException {
    String file = Files.createFile(directory.resolve("file")).toString();
    String folder = directory.resolve("new").toString();

    assertThatCode(() -> LocalFolders.require(Map.of(), file + "," + folder))
        .doesNotThrowAnyException();
    assertThatCode(() -> LocalFolders.require(Map.of("SPARK_LOCAL_DIRS", folder), file))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> LocalFolders.require(Map.of(), file + ", /proc"))
        .hasMessageContaining(
            "that can be written and has room, found " + file + ", /proc (set SPARK_LOCAL_DIRS");
    assertThatThrownBy(() -> LocalFolders.require(Map.of("SPARK_LOCAL_DIRS", file), folder))
        .hasMessageContaining("found " + file + " (");
  }
}
