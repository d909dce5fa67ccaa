package org.adaptseg.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/paper-map.md names is there. */
class PaperMapTest {
  private static final Pattern NAME = Pattern.compile("`([A-Z]\\w+)(?:\\.(\\w+))?`");
  private static final int CLASSES = 2;
  private static final int TESTS = 3;

  private static List<String[]> rows() throws IOException {
    return Files.readAllLines(Path.of("docs/paper-map.md")).stream()
        .filter(line -> line.startsWith("| ") && !line.startsWith("| paper"))
        .map(line -> line.substring(2).split(" \\| ?", -1))
        .toList();
  }

  @Test
  void everyRowNamesClassesAndTestsThatExist() throws IOException {
    List<String> missing = new ArrayList<>();
    List<String[]> rows = rows();
    for (String[] row : rows) {
      check(row[CLASSES], Path.of("src/main/java"), missing);
      check(row[TESTS], Path.of("src/test/java"), missing);
    }

    assertThat(rows).hasSizeGreaterThan(10);
    assertThat(missing).isEmpty();
  }

  private static void check(String cell, Path sources, List<String> missing) throws IOException {
    Matcher names = NAME.matcher(cell);
    boolean any = false;
    while (names.find()) {
      any = true;
      List<Path> files = find(sources, names.group(1) + ".java");
      if (files.size() != 1) {
        missing.add("%s: found %s".formatted(names.group(), files));
      } else if (names.group(2) != null
          && !Files.readString(files.get(0)).contains(" " + names.group(2) + "(")) {
        missing.add("%s: no such method in %s".formatted(names.group(), files.get(0)));
      }
    }
    if (!any) {
      missing.add("a name in the cell '%s'".formatted(cell));
    }
  }

  private static List<Path> find(Path directory, String name) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.getFileName().toString().equals(name)).toList();
    }
  }
}
