package org.adaptseg.config.yaml;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.adaptseg.config.yaml.RecordShape.Field;

/**
 * Makes a record of a YAML map. Keys are component names in kebab case. A component that is a
 * sealed interface is one of its records, named by the key {@code kind}.
 *
 * <p>Continues after a problem, so that all are reported together: a value that cannot be read is
 * replaced by its default, if it has one, and the constructor still checks its neighbours.
 */
public final class RecordBinder {
  private static final String KIND = "kind";

  private final ScalarBinder scalars;
  private final List<String> problems;
  private final TextSource files;

  /** Relative paths are left as they are. */
  public RecordBinder(List<String> problems) {
    this(problems, file -> "");
  }

  /**
   * @param problems receives what is wrong
   * @param files finds what relative paths name
   */
  public RecordBinder(List<String> problems, TextSource files) {
    this.problems = problems;
    this.scalars = new ScalarBinder(problems);
    this.files = files;
  }

  /** The value; absent only if there was a problem. */
  public <T> Optional<T> bind(YamlNode node, Class<T> type) {
    return bind(node, type, "").map(type::cast);
  }

  private Optional<Object> bind(YamlNode node, Type type, String path) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return generic.getRawType() == List.class
          ? list(node, arguments[0], path)
          : map(node, arguments[0], arguments[1], path);
    }
    Class<?> plain = (Class<?>) type;
    if (!plain.isRecord() && !plain.isSealed()) {
      return scalars.bind(node, plain, path);
    }
    if (node instanceof YamlNode.Mapping mapping) {
      return plain.isSealed() ? kind(mapping, plain, path) : record(mapping, plain, path, Set.of());
    }
    Shorthand shorthand = plain.getAnnotation(Shorthand.class);
    if (shorthand != null && node instanceof YamlNode.Scalar scalar) {
      return shortened(scalar, plain, shorthand.value(), path);
    }
    problem(path, "expected a map with keys " + keys(plain), node);
    return Optional.empty();
  }

  /** A record of which only one key is there; what is wrong with it is said of the whole. */
  private Optional<Object> shortened(
      YamlNode.Scalar value, Class<?> type, String key, String path) {
    List<String> found = new ArrayList<>();
    YamlNode.Mapping mapping =
        new YamlNode.Mapping(Map.of(key, new YamlNode.Entry(value, value.mark())), value.mark());
    Optional<Object> bound = new RecordBinder(found, files).record(mapping, type, path, Set.of());
    found.forEach(p -> problems.add(p.replace(child(path, key) + ": ", path + ": ")));
    return bound;
  }

  private Optional<Object> list(YamlNode node, Type element, String path) {
    if (!(node instanceof YamlNode.Sequence sequence)) {
      problem(path, "expected a list", node);
      return Optional.empty();
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      bind(sequence.items().get(i), element, path + "[" + i + "]").ifPresent(values::add);
    }
    return values.size() == sequence.items().size() ? Optional.of(values) : Optional.empty();
  }

  private Optional<Object> map(YamlNode node, Type key, Type value, String path) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      problem(path, "expected a map", node);
      return Optional.empty();
    }
    Map<Object, Object> values = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (name, entry) -> {
              String child = child(path, name);
              Optional<Object> boundKey = bind(new YamlNode.Scalar(name, entry.mark()), key, child);
              Optional<Object> boundValue = bind(entry.value(), value, child);
              if (boundKey.isPresent()
                  && boundValue.isPresent()
                  && values.putIfAbsent(boundKey.get(), boundValue.get()) != null) {
                problems.add(
                    child + ": expected each key once, found it again (" + entry.mark() + ")");
              }
            });
    return values.size() == mapping.entries().size() ? Optional.of(values) : Optional.empty();
  }

  private Optional<Object> kind(YamlNode.Mapping node, Class<?> type, String path) {
    Map<String, Class<?>> kinds = new LinkedHashMap<>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      kinds.put(Names.kebab(permitted.getSimpleName()), permitted);
    }
    String expected = "expected one of " + String.join(", ", kinds.keySet());
    YamlNode.Entry entry = node.entries().get(KIND);
    if (entry == null) {
      problems.add(child(path, KIND) + ": " + expected + ", found nothing (" + node.mark() + ")");
      return Optional.empty();
    }
    if (entry.value() instanceof YamlNode.Scalar name && kinds.containsKey(name.text())) {
      return record(node, kinds.get(name.text()), path, Set.of(KIND));
    }
    problem(child(path, KIND), expected, entry.value());
    return Optional.empty();
  }

  private Optional<Object> record(
      YamlNode.Mapping node, Class<?> type, String path, Set<String> read) {
    RecordShape shape = RecordShape.of(type);
    Set<String> known = new LinkedHashSet<>(read);
    known.addAll(shape.keys());
    node.entries()
        .forEach(
            (key, entry) -> {
              if (!known.contains(key)) {
                problems.add(
                    "%s: expected %s, found %s (%s)"
                        .formatted(
                            child(path, key),
                            replacement(type, key)
                                .orElse("one of the keys " + String.join(", ", known)),
                            key + Names.hint(key, known) + colon(key),
                            entry.mark()));
              }
            });
    List<Object> values = new ArrayList<>();
    Set<String> replaced = new LinkedHashSet<>();
    boolean complete = true;
    for (Field field : shape.fields()) {
      Optional<Object> value = value(node, field, path);
      if (value.isEmpty()) {
        replaced.add(field.name());
        value = defaultOf(field, child(path, field.key()));
      }
      complete &= value.isPresent();
      values.add(value.orElse(null));
    }
    return complete ? construct(node, shape, values, path, replaced) : Optional.empty();
  }

  /** What to write instead of a key that there was once. */
  private static Optional<String> replacement(Class<?> type, String key) {
    Removed removed = type.getAnnotation(Removed.class);
    if (removed != null && removed.key().equals(key)) {
      return Optional.of("no such key (%s)".formatted(removed.because()));
    }
    return RecordShape.of(type).fields().stream()
        .filter(field -> field.formerly().equals(Optional.of(key)))
        .map(field -> "%s (%s) in its place".formatted(field.key(), wanted(field.type())))
        .findAny();
  }

  private static String colon(String key) {
    return key.contains(":") ? " (a colon needs a space after it)" : "";
  }

  private Optional<Object> value(YamlNode.Mapping node, Field field, String path) {
    String child = child(path, field.key());
    YamlNode.Entry entry = node.entries().get(field.key());
    if (entry != null) {
      Optional<Object> bound = oneOrMore(field, entry.value(), child);
      return field.location().isPresent() && entry.value() instanceof YamlNode.Scalar scalar
          ? bound.flatMap(text -> located((String) text, field.location().get(), scalar, child))
          : bound;
    }
    Optional<Object> value = defaultOf(field, child);
    if (value.isEmpty()) {
      problems.add(
          "%s: expected %s, found no such key (%s)"
              .formatted(child, wanted(field.element().orElse(field.type())), node.mark()));
    }
    return value;
  }

  private Optional<Object> located(
      String text, Location location, YamlNode.Scalar scalar, String path) {
    if (text.isBlank() || location.orName() && !Locations.isYamlFile(text.strip())) {
      return Optional.of(text);
    }
    try {
      String given = Locations.given(text);
      if (!Locations.isRelative(given)) {
        return Optional.of(given);
      }
      Optional<String> beside =
          scalar.folder().isEmpty() ? Optional.empty() : files.find(scalar.folder(), given);
      return Optional.of(beside.orElseGet(() -> location.written() ? given : files.fixed(given)));
    } catch (IllegalArgumentException e) {
      problems.add(path + ": " + e.getMessage() + " (" + scalar.mark() + ")");
    } catch (IOException e) {
      problems.add(
          "%s: expected to see whether %s is beside the configuration, found %s (%s)"
              .formatted(path, text, e.getMessage(), scalar.mark()));
    }
    return Optional.empty();
  }

  /** What is no list is one entry: what is wrong with it is said of its keys. */
  private Optional<Object> oneOrMore(Field field, YamlNode value, String path) {
    return field.element().isPresent() && !(value instanceof YamlNode.Sequence)
        ? bind(value, field.element().get(), path).map(List::of)
        : bind(value, field.genericType(), path);
  }

  private Optional<Object> defaultOf(Field field, String path) {
    return field.defaultValue().flatMap(value -> oneOrMore(field, value, path));
  }

  private Optional<Object> construct(
      YamlNode.Mapping node,
      RecordShape shape,
      List<Object> values,
      String path,
      Set<String> replaced) {
    try {
      return Optional.of(shape.constructor().newInstance(values.toArray()));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Ranges.ViolationsException violations) {
        violations.violations().stream()
            .filter(violation -> !replaced.contains(violation.component()))
            .forEach(violation -> report(node, violation, path));
        return Optional.empty();
      }
      throw new IllegalStateException(
          "Cannot make a " + shape.constructor().getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make a " + shape.constructor().getName(), e);
    }
  }

  private void report(YamlNode.Mapping node, Ranges.Violation violation, String path) {
    String key = Names.kebab(violation.component());
    YamlNode.Entry entry = node.entries().get(key);
    String mark = entry == null ? node.mark() : entry.value().mark();
    problems.add(child(path, key) + ": " + violation.text() + " (" + mark + ")");
  }

  private void problem(String path, String expected, YamlNode found) {
    String subject = path.isEmpty() ? "" : path + ": ";
    problems.add(subject + expected + ", found " + found.describe() + " (" + found.mark() + ")");
  }

  private static List<String> keys(Class<?> type) {
    return type.isSealed() ? List.of(KIND) : RecordShape.of(type).keys();
  }

  private static String wanted(Class<?> type) {
    return type.isRecord()
        ? "a map with keys " + String.join(", ", keys(type))
        : ScalarBinder.wanted(type);
  }

  private static String child(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
