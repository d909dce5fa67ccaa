package org.adaptseg.config;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.Names;
import org.adaptseg.config.yaml.OneOrMore;
import org.adaptseg.config.yaml.Shorthand;

/** Writes docs/configuration.md from the records that a YAML file is read into. */
final class ConfigurationPage {
  /**
   * A number's unit is the first of these that the first words of its Javadoc name; one without is
   * a plain number.
   */
  private static final List<String> UNITS =
      List.of(
          "pixels",
          "channels",
          "iterations",
          "samples",
          "images",
          "seconds",
          "minutes",
          "bytes",
          "megabytes",
          "threads");

  private static final int FIRST_WORDS = 5;

  private final RecordJavadoc javadoc;
  private final StringBuilder page = new StringBuilder();

  private ConfigurationPage(RecordJavadoc javadoc) {
    this.javadoc = javadoc;
  }

  static String write(Path sources) throws IOException {
    ConfigurationPage page = new ConfigurationPage(RecordJavadoc.of(sources));
    page.line(
        "<!-- Generated from the records in src/main/java/org/adaptseg/config; do not edit. -->");
    page.line("<!-- Regenerate: mvn test -Dtest=ConfigurationPageTest -Dregenerate=true -->");
    page.line("# Configuration");
    page.line("");
    page.line(
        "One YAML file describes a run. `--set key=value` overrides one value, the key with dots");
    page.line("(`--set optimizer.decay.power=1`), list entries by number");
    page.line(
        "(`--set schedule.phases.0.iterations=10`). A key that is not on this page is an error,"
            + " and");
    page.line(
        "all problems are reported at once. `train --dry-run` prints the configuration with every");
    page.line("default filled in. A key without a default is required.");
    page.line("");
    page.line("Units: a number without one is a plain number or a factor.");
    page.line("");
    page.line("## The run's file");
    page.sections("", RunConfig.class);
    page.line("");
    page.line("## Dataset descriptions");
    page.line("");
    page.line(
        "What `data.*.dataset` names: a shipped description or a file. Its key `kind` says which"
            + " of");
    page.line("these it is.");
    for (Class<?> kind : DatasetDescription.class.getPermittedSubclasses()) {
      page.sections("dataset of `kind: %s`".formatted(Names.kebab(kind.getSimpleName())), kind);
    }
    page.line("");
    page.line("## Label spaces");
    page.line("");
    page.line("What `data.classes` names: a shipped label space or a file.");
    page.sections("label space", LabelSpace.class);
    return page.page.toString();
  }

  private void line(String text) {
    page.append(text).append('\n');
  }

  private void sections(String path, Class<?> type) {
    Map<Class<?>, Set<String>> headings = new LinkedHashMap<>();
    collect(path, type, headings);
    headings.forEach((section, paths) -> table(String.join(", ", paths), section));
  }

  /** Every record below a type, in reading order, with all the places where it is. */
  private static void collect(String path, Class<?> type, Map<Class<?>, Set<String>> headings) {
    String heading = path.isEmpty() || path.contains(" ") ? path : "`" + path + "`";
    headings.computeIfAbsent(type, t -> new LinkedHashSet<>()).add(heading);
    for (RecordComponent component : type.getRecordComponents()) {
      Class<?> element = element(component.getGenericType());
      if (element.isRecord()) {
        collect(child(path, key(component)), element, headings);
      }
    }
  }

  private void table(String heading, Class<?> type) {
    line("");
    line("### " + (heading.isEmpty() ? "Sections" : heading));
    line("");
    line(javadoc.ofType(type));
    line("");
    line("| key | type | unit | default | meaning |");
    line("|---|---|---|---|---|");
    for (RecordComponent component : type.getRecordComponents()) {
      String meaning = javadoc.of(type, component.getName());
      if (meaning.isEmpty()) {
        throw new IllegalStateException(
            "Cannot describe a key: expected @param %s in the Javadoc of %s, found none"
                .formatted(component.getName(), type.getName()));
      }
      Default fallback = component.getAnnotation(Default.class);
      line(
          "| `%s` | %s | %s | %s | %s |"
              .formatted(
                  key(component),
                  component.isAnnotationPresent(OneOrMore.class)
                      ? one(component) + ", or list of sections"
                      : type(component.getGenericType()),
                  unit(
                      component.isAnnotationPresent(OneOrMore.class)
                          ? shortest(component)
                          : component.getGenericType(),
                      meaning),
                  fallback == null ? "required" : shown(component, fallback.value()),
                  meaning + constants(component.getGenericType())));
    }
  }

  /** What a single entry of a list is, or may be written as. */
  private static String one(RecordComponent component) {
    return type(shortest(component));
  }

  /** The type of the value that stands for an entry of a list, or that of the entry. */
  private static Type shortest(RecordComponent component) {
    Class<?> element = element(component.getGenericType());
    Shorthand shorthand = element.getAnnotation(Shorthand.class);
    return shorthand == null
        ? element
        : Arrays.stream(element.getRecordComponents())
            .filter(c -> key(c).equals(shorthand.value()))
            .map(RecordComponent::getGenericType)
            .findFirst()
            .orElseThrow();
  }

  private static String shown(RecordComponent component, String fallback) {
    boolean section = component.getType().isRecord();
    return section && fallback.equals("{}") ? "its keys' defaults" : "`" + fallback + "`";
  }

  private static String key(RecordComponent component) {
    return Names.kebab(component.getName());
  }

  private static String child(String path, String key) {
    if (path.contains(" ")) {
      return "`" + key + "` of a " + path;
    }
    return path.isEmpty() ? key : path + "." + key;
  }

  /** The record that a component is, or is a list or map of. */
  private static Class<?> element(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return element(arguments[arguments.length - 1]);
    }
    return (Class<?>) type;
  }

  private static String type(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return generic.getRawType() == List.class
          ? "list of " + type(arguments[0])
          : "map from " + type(arguments[0]) + " to " + type(arguments[1]);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isEnum()) {
      return Arrays.stream(plain.getEnumConstants())
          .map(constant -> "`" + Names.key((Enum<?>) constant) + "`")
          .collect(Collectors.joining(" or "));
    }
    if (plain.isRecord() || plain.isSealed()) {
      return "section";
    }
    return switch (plain.getSimpleName()) {
      case "int", "Integer", "long", "Long" -> "whole number";
      case "double", "Double" -> "number";
      case "boolean", "Boolean" -> "true or false";
      case "String" -> "text";
      default -> throw new IllegalStateException("Cannot name the type " + plain);
    };
  }

  private static String unit(Type type, String meaning) {
    Class<?> element = element(type);
    boolean number = element.isPrimitive() && element != boolean.class;
    if (!number && !Number.class.isAssignableFrom(element)) {
      return "";
    }
    List<String> words =
        Arrays.stream(meaning.split("[ ,;:]+")).limit(FIRST_WORDS).collect(Collectors.toList());
    if (words.contains("id") || words.contains("index")) {
      return "";
    }
    return UNITS.stream().filter(words::contains).findFirst().orElse("");
  }

  /** What the enum's constants mean, where their Javadoc says so. */
  private String constants(Type type) {
    Class<?> plain = element(type);
    if (!plain.isEnum()) {
      return "";
    }
    String said =
        Arrays.stream(plain.getEnumConstants())
            .map(constant -> (Enum<?>) constant)
            .filter(constant -> !javadoc.of(plain, constant.name()).isEmpty())
            .map(
                constant ->
                    "`%s`: %s".formatted(Names.key(constant), javadoc.of(plain, constant.name())))
            .collect(Collectors.joining(" "));
    return said.isEmpty() ? "" : ". " + said;
  }
}
