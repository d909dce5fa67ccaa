package org.adaptseg.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/troubleshooting.md quotes is what the program and its scripts say. */
class TroubleshootingPageTest {
  private static final Path PAGE = Path.of("docs/troubleshooting.md");
  private static final Pattern MESSAGE = Pattern.compile("(?m)^### `(.+)`$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([\\w./-]+)(?:#[\\w-]+)?\\)");

  private static List<String> messages() throws IOException {
    return MESSAGE.matcher(Files.readString(PAGE)).results().map(m -> m.group(1)).toList();
  }

  /** All sources and scripts, texts over several lines put together. */
  private static String program() throws IOException {
    try (Stream<Path> java = Files.walk(Path.of("src/main/java"));
        Stream<Path> scripts = Files.walk(Path.of("jobs"))) {
      return Stream.concat(java, scripts)
          .filter(file -> file.toString().matches(".*\\.(java|sh)"))
          .map(TroubleshootingPageTest::read)
          .collect(Collectors.joining("\n"))
          .replaceAll("\"\\s*\\+\\s*\"", "");
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyMessageIsOneOfTheProgram() throws IOException {
    String program = program();

    assertThat(messages()).hasSizeBetween(20, 25).doesNotHaveDuplicates();
    assertThat(messages())
        .allSatisfy(
            message -> {
              for (String part : message.split("…")) {
                assertThat(program.contains(part.strip())).as(part).isTrue();
              }
            });
  }

  @Test
  void everyMessageHasACauseAndACure() throws IOException {
    String[] parts = MESSAGE.split(Files.readString(PAGE));

    assertThat(parts).hasSize(messages().size() + 1);
    assertThat(List.of(parts).subList(1, parts.length))
        .allSatisfy(text -> assertThat(text).contains("Cause: ").contains("Cure: "));
  }

  @Test
  void itsLinksLeadSomewhereAndReadmeLeadsToIt() throws IOException {
    assertThat(LINK.matcher(Files.readString(PAGE)).results().map(m -> m.group(1)))
        .isNotEmpty()
        .allSatisfy(link -> assertThat(PAGE.resolveSibling(link)).exists());
    assertThat(Files.readString(Path.of("README.md"))).contains("](docs/troubleshooting.md");
  }
}
