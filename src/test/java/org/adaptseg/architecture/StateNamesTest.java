package org.adaptseg.architecture;

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

/** The names of a state's vectors are written in one place. */
class StateNamesTest {
  /** A literal with a vector's name, or with the beginning or the end that such names have. */
  private static final Pattern NAME =
      Pattern.compile(
          "\"(generator|discriminator|teacher)\\.[^\"]*\"|\"discriminator-\"|\"[^\"]*\\.(parameters|velocity|adam-[mv])\"");

  private static List<String> found(Path file) {
    List<String> names = new ArrayList<>();
    try {
      Matcher matcher = NAME.matcher(Files.readString(file));
      while (matcher.find()) {
        names.add(matcher.group());
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return names;
  }

  @Test
  void onlyStateNamesSpellsThem() throws IOException {
    Path home = Path.of("src/main/java/org/adaptseg/nn/StateNames.java");
    assertThat(found(home)).hasSize(7);
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      List<String> elsewhere =
          files
              .filter(file -> file.toString().endsWith(".java") && !file.equals(home))
              // The prefix of PyTorch's modules, which has nothing to do with a state.
              .filter(file -> !file.endsWith("WeightRules.java"))
              .flatMap(file -> found(file).stream().map(name -> file.getFileName() + ": " + name))
              .toList();
      assertThat(elsewhere).isEmpty();
    }
  }
}
