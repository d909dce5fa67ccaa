package org.adaptseg.config.yaml;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What reflection tells of a record's components, asked once for each class: a JVM parses
 * annotations and generic types anew for every component that it gives.
 */
final class RecordShape {
  private static final ClassValue<RecordShape> SHAPES =
      new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
          return new RecordShape(type);
        }
      };

  /**
   * A component.
   *
   * @param name in Java
   * @param key in YAML
   * @param defaultValue absent if the key must be there
   * @param location if it names a file or folder
   * @param element type of the list's elements, if one of them may stand for the list
   * @param formerly the key of earlier versions
   */
  record Field(
      String name,
      String key,
      Class<?> type,
      Type genericType,
      Optional<YamlNode> defaultValue,
      Optional<Location> location,
      Optional<Class<?>> element,
      Optional<String> formerly) {
    private static Field of(RecordComponent component) {
      return new Field(
          component.getName(),
          Names.kebab(component.getName()),
          component.getType(),
          component.getGenericType(),
          Optional.ofNullable(component.getAnnotation(Default.class))
              .map(text -> YamlReader.parseValue(text.value(), "default")),
          Optional.ofNullable(component.getAnnotation(Location.class)),
          Optional.ofNullable(component.getAnnotation(OneOrMore.class))
              .map(list -> elementOf(component.getGenericType())),
          Optional.ofNullable(component.getAnnotation(Formerly.class)).map(Formerly::value));
    }

    private static Class<?> elementOf(Type list) {
      return (Class<?>) ((ParameterizedType) list).getActualTypeArguments()[0];
    }
  }

  private final List<Field> fields;
  private final List<String> keys;
  private final Constructor<?> constructor;

  private RecordShape(Class<?> type) {
    fields = Arrays.stream(type.getRecordComponents()).map(Field::of).toList();
    keys = fields.stream().map(Field::key).toList();
    try {
      constructor =
          type.getDeclaredConstructor(fields.stream().map(Field::type).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("Cannot make a " + type.getName(), e);
    }
    constructor.setAccessible(true);
  }

  /** That of a class of records. */
  static RecordShape of(Class<?> type) {
    return SHAPES.get(type);
  }

  List<Field> fields() {
    return fields;
  }

  /** Of all fields, in their order. */
  List<String> keys() {
    return keys;
  }

  /** The canonical one. */
  Constructor<?> constructor() {
    return constructor;
  }
}
