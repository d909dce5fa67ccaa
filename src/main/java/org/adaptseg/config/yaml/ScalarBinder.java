package org.adaptseg.config.yaml;

import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads texts, numbers, booleans and enum constants; a type error becomes a problem. */
final class ScalarBinder {
  // Double.parseDouble also takes NaN, Infinity, 1d and hexadecimal floats.
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d{1,40}(\\.\\d{0,40})?|\\.\\d{1,40})([eE][-+]?\\d{1,3})?");
  private static final Pattern DECIMAL_COMMA = Pattern.compile("[-+]?\\d{0,40},\\d{1,40}.{0,5}");
  // Integer.parseInt also takes leading zeros, which are octal to YAML, and digits of other
  // scripts.
  private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
  private static final Map<Class<?>, String> WANTED =
      Map.of(
          Integer.class, "an integer",
          Long.class, "an integer",
          Double.class, "a number",
          Boolean.class, "true or false",
          String.class, "a text",
          List.class, "a list",
          Map.class, "a map");

  private static final ClassValue<List<String>> CONSTANTS =
      new ClassValue<>() {
        @Override
        protected List<String> computeValue(Class<?> type) {
          return Arrays.stream(type.getEnumConstants())
              .map(constant -> Names.key((Enum<?>) constant))
              .toList();
        }
      };

  private final List<String> problems;

  ScalarBinder(List<String> problems) {
    this.problems = problems;
  }

  /** What a value of the type looks like in YAML, for messages. */
  static String wanted(Class<?> type) {
    return type.isEnum()
        ? "one of " + String.join(", ", constants(type))
        : WANTED.getOrDefault(boxed(type), type.getSimpleName());
  }

  /** The value; absent only if there was a problem. */
  Optional<Object> bind(YamlNode node, Class<?> type, String path) {
    Optional<Object> value =
        node instanceof YamlNode.Scalar scalar && !scalar.isNull()
            ? parse(scalar.text(), boxed(type))
            : Optional.empty();
    if (value.isEmpty()) {
      String hint =
          node instanceof YamlNode.Scalar scalar && !scalar.isNull()
              ? hint(scalar.text(), boxed(type))
              : "";
      problems.add(
          path
              + ": expected "
              + wanted(type)
              + ", found "
              + node.describe()
              + hint
              + " ("
              + node.mark()
              + ")");
    }
    return value;
  }

  private static String hint(String text, Class<?> type) {
    if (type.isEnum()) {
      return Names.hint(text, constants(type));
    }
    boolean decimal = type == Double.class && DECIMAL_COMMA.matcher(text).matches();
    return decimal ? ", whose decimal point is a comma" : "";
  }

  private static Optional<Object> parse(String text, Class<?> type) {
    try {
      if (type == String.class) {
        return Optional.of(text);
      }
      if ((type == Integer.class || type == Long.class) && !INTEGER.matcher(text).matches()) {
        return Optional.empty();
      }
      if (type == Integer.class) {
        return Optional.of(Integer.parseInt(text));
      }
      if (type == Long.class) {
        return Optional.of(Long.parseLong(text));
      }
      if (type == Double.class) {
        return NUMBER.matcher(text).matches()
            ? Optional.of(Double.parseDouble(text))
            : Optional.empty();
      }
      if (type == Boolean.class) {
        return text.equals("true") || text.equals("false")
            ? Optional.of(text.equals("true"))
            : Optional.empty();
      }
      if (type.isEnum()) {
        int ordinal = constants(type).indexOf(text);
        return ordinal < 0 ? Optional.empty() : Optional.of(type.getEnumConstants()[ordinal]);
      }
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
    throw new IllegalArgumentException("Cannot read " + type + " from YAML: no such type");
  }

  private static Class<?> boxed(Class<?> type) {
    return MethodType.methodType(type).wrap().returnType();
  }

  private static List<String> constants(Class<?> type) {
    return CONSTANTS.get(type);
  }
}
