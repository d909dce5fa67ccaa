package org.adaptseg.config.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records from YAML and back. Strict: every key must be a component of the record and every value
 * of its type; anything else is refused with all problems together. At most 2^20 characters and 20
 * levels; no aliases.
 */
public final class StrictYaml {
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .build());

  private StrictYaml() {}

  /**
   * Reads a record, or a sealed interface of records by its {@code kind}.
   *
   * @param text YAML
   * @param where the file or other origin, for messages
   * @throws ConfigException naming every problem with its key and line
   */
  public static <T> T read(String text, String where, Class<T> type) {
    return bind(YamlReader.parse(text, where), where, type);
  }

  static <T> T bind(YamlNode node, String where, Class<T> type) {
    List<String> problems = new ArrayList<>();
    Optional<T> value = new RecordBinder(problems).bind(node, type);
    if (value.isEmpty() || !problems.isEmpty()) {
      throw new ConfigException(where, problems);
    }
    return value.get();
  }

  /** The record as YAML that {@link #read} reads back to an equal one. */
  public static String write(Record value) {
    try {
      return MAPPER.writeValueAsString(plain(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + value + " as YAML", e);
    }
  }

  /** YAML as a tree, of a text that this wrote. */
  public static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot read a configuration back: expected YAML, found " + e.getOriginalMessage(), e);
    }
  }

  /** A tree as YAML. */
  public static String text(JsonNode tree) {
    try {
      return MAPPER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + tree + " as YAML", e);
    }
  }

  private static Object plain(Object value) {
    if (value instanceof Record record) {
      Map<String, Object> components = components(record);
      Shorthand shorthand = record.getClass().getAnnotation(Shorthand.class);
      return shorthand != null && isShort(record, components, shorthand.value())
          ? components.get(shorthand.value())
          : components;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(StrictYaml::plain).toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach((key, item) -> copy.put(String.valueOf(key), plain(item)));
      return copy;
    }
    return value instanceof Enum<?> constant ? Names.key(constant) : value;
  }

  /** Whether the value of the key alone is read back to an equal record. */
  private static boolean isShort(Record record, Map<String, Object> components, String key) {
    YamlNode value = YamlReader.parseValue(String.valueOf(components.get(key)), "short");
    return new RecordBinder(new ArrayList<>())
        .bind(value, record.getClass())
        .filter(record::equals)
        .isPresent();
  }

  private static Map<String, Object> components(Record record) {
    Map<String, Object> entries = new LinkedHashMap<>();
    for (Class<?> parent : record.getClass().getInterfaces()) {
      if (parent.isSealed()) {
        entries.put("kind", Names.kebab(record.getClass().getSimpleName()));
      }
    }
    try {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        component.getAccessor().setAccessible(true);
        Object value = component.getAccessor().invoke(record);
        boolean one =
            component.isAnnotationPresent(OneOrMore.class)
                && value instanceof List<?> list
                && list.size() == 1;
        entries.put(
            Names.kebab(component.getName()), plain(one ? ((List<?>) value).get(0) : value));
      }
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("Cannot read " + record, e);
    }
    return entries;
  }
}
