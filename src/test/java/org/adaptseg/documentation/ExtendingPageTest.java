package org.adaptseg.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/extending.md names is there. */
class ExtendingPageTest {
  private static final Path PAGE = Path.of("docs/extending.md");
  private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]\\w+)`");
  private static final Pattern FILE = Pattern.compile("`([a-z][\\w/.-]*/[\\w./-]*)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([\\w./-]+)(?:#[\\w-]+)?\\)");

  private static List<String> named(Pattern pattern) throws IOException {
    Matcher matcher = pattern.matcher(Files.readString(PAGE));
    return matcher.results().map(found -> found.group(1)).distinct().toList();
  }

  private static Set<String> classes() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.substring(0, name.length() - ".java".length()))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void everyClassExists() throws IOException {
    assertThat(named(CLASS)).hasSizeGreaterThan(40);
    assertThat(classes()).containsAll(named(CLASS));
  }

  @Test
  void everyFileAndFolderExists() throws IOException {
    List<String> files = named(FILE);
    assertThat(files).hasSizeGreaterThan(3);
    assertThat(files)
        .allSatisfy(
            file -> {
              // A name in capitals is for the reader to fill in.
              Path path =
                  Path.of(file.contains("NAME") || file.contains("SOURCE-") ? parent(file) : file);
              assertThat(
                      Files.exists(path)
                          || Files.exists(Path.of("src/main/java/org/adaptseg").resolve(path)))
                  .as(file)
                  .isTrue();
            });
    assertThat(named(LINK)).allSatisfy(link -> assertThat(PAGE.resolveSibling(link)).exists());
  }

  private static String parent(String file) {
    return file.substring(0, file.lastIndexOf('/'));
  }
}
