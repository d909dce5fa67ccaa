package org.adaptseg.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedFilesTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"datasets", "label-spaces"})
  void everyFileOfTheFolderIsFoundByItsNameAndRead(String folder) throws IOException {
    ShippedFiles shipped = ShippedFiles.in(folder);
    try (Stream<Path> files = Files.list(Path.of("src/main/resources", folder))) {
      assertThat(shipped.names())
          .isSorted()
          .containsExactlyInAnyOrderElementsOf(
              files.map(f -> f.getFileName().toString().replace(".yaml", "")).toList());
    }
    for (String name : shipped.names()) {
      assertThat(shipped.read(name))
          .isEqualTo(Files.readString(Path.of("src/main/resources", folder, name + ".yaml")));
    }
  }

  @Test
  void theFilesOfAJarAreFoundThoughItHasNoEntriesOfFolders() throws IOException {
    Path jar =
        jar(
            "datasets/b.yaml",
            "datasets/a.yaml",
            "datasets/LICENSE",
            "datasets/old/c.yaml",
            "d.yaml");

    assertThat(ShippedFiles.in("datasets", jar).names()).containsExactly("a", "b");
  }

  @Test
  void aProgramWithoutThemIsNamed() throws IOException {
    Path jar = jar("conf/demo.yaml");

    for (Path program : List.of(jar, directory)) {
      assertThatThrownBy(() -> ShippedFiles.in("datasets", program))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "Cannot find what the program ships: expected YAML files in datasets, found none"
                  + " (%s)",
              program);
    }
  }

  private Path jar(String... entries) throws IOException {
    // A name with a space, as a URL encodes it, is a name as any other.
    Path jar = directory.resolve("a job.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (String entry : entries) {
        out.putNextEntry(new JarEntry(entry));
        out.closeEntry();
      }
    }
    return jar;
  }
}
