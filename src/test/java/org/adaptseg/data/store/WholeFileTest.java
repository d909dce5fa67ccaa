package org.adaptseg.data.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path directory;

  private void write(String name, String content) throws IOException {
    WholeFile.write(
        new org.apache.hadoop.fs.Path(directory.resolve(name).toUri()),
        new org.apache.hadoop.fs.Path(directory.resolve("t/1").toUri()),
        List.of(content.getBytes(StandardCharsets.UTF_8)),
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
    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path(directory.resolve("x.txt").toUri());
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
}
