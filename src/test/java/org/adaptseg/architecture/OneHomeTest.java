package org.adaptseg.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.TokenStreamFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.adaptseg.config.yaml.Secrets;
import org.adaptseg.config.yaml.StrictYaml;
import org.adaptseg.data.image.PictureFile;
import org.adaptseg.data.store.Json;
import org.junit.jupiter.api.Test;

/** Knowledge that has one home. */
class OneHomeTest {
  /** A literal that looks for users or passwords: part of such a word, or a URI with an @. */
  private static final Pattern SECRET =
      Pattern.compile("\"[^\"\\n]*(?:passw(?!ord)|://[^\"\\n]*@)[^\"\\n]*\"");

  /** A literal that begins an object of JSON, or names a key in one. */
  private static final Pattern HAND_MADE =
      Pattern.compile("\"(?:[^\"\\n]*\\{)?\\\\\"[a-z_]+\\\\\":");

  @Test
  void onlyJsonKnowsHowJsonIsWrittenAndOnlyStrictYamlYaml() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(Json.class, StrictYaml.class)
        // The parser, for lines and limits; it makes no trees and writes nothing.
        .and()
        .doNotHaveSimpleName("YamlReader")
        .should()
        .accessTargetWhere(describe("a mapper or factory is made", OneHomeTest::makes))
        .check(House.CLASSES);
  }

  private static boolean makes(JavaAccess<?> access) {
    JavaClass owner = access.getTarget().getOwner();
    String name = access.getTarget().getName();
    return (owner.isAssignableTo(ObjectMapper.class)
            || owner.isAssignableTo(TokenStreamFactory.class))
        && (name.equals("<init>") || name.equals("builder"));
  }

  @Test
  void nobodyWritesJsonByHand() throws IOException {
    assertThat(literals(HAND_MADE, "none")).isEmpty();
    assertThat("out.write(\"{\\\"key\\\":1}\")").containsPattern(HAND_MADE);
  }

  @Test
  void onlySecretsKnowsHowSecretsLook() throws IOException {
    assertThat(literals(SECRET, Secrets.class.getSimpleName())).isEmpty();
    assertThat("Pattern.compile(\"://[^/@]*@\")").containsPattern(SECRET);
  }

  @Test
  void onlyPictureFileEncodesPicturesBecauseJavaWouldWriteTemporaryFiles() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(PictureFile.class.getName())
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ImageIO.class)
        .check(House.CLASSES);
  }

  private static List<String> literals(Pattern pattern, String home) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files
          .filter(f -> f.toString().endsWith(".java") && !f.endsWith(home + ".java"))
          .flatMap(f -> found(pattern, f).stream())
          .toList();
    }
  }

  private static List<String> found(Pattern pattern, Path file) {
    List<String> found = new ArrayList<>();
    try {
      Matcher matcher = pattern.matcher(Files.readString(file));
      while (matcher.find()) {
        found.add(file.getFileName() + ": " + matcher.group());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }
}
