package org.adaptseg.data.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;

/** JSON as every file of this project is written and read: in UTF-8, indented or in one line. */
public final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** For files on which results depend: nothing missing, unknown, twice or of another type. */
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private Json() {}

  /** A file for programs and people: indented. */
  public static byte[] indented(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw unwritable(value, e);
    }
  }

  /** One line, without its end. */
  public static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw unwritable(value, e);
    }
  }

  /** What is wrong with a text, and in which line of it, in one line without the text itself. */
  public static String problem(JsonProcessingException e) {
    String first = e.getOriginalMessage().lines().findFirst().orElse("no JSON");
    return e.getLocation() == null || e.getLocation().getLineNr() < 1
        ? first
        : first + " (line " + e.getLocation().getLineNr() + ")";
  }

  private static IllegalStateException unwritable(Object value, JsonProcessingException e) {
    return new IllegalStateException(
        "Cannot write JSON: expected plain values, found " + value.getClass().getName(), e);
  }

  /** An object to be filled. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * Reads an object that may lack components, which are null then.
   *
   * @throws JsonProcessingException if it is none
   */
  public static <T> T read(byte[] json, Class<T> type) throws IOException {
    return MAPPER.readValue(json, type);
  }

  /**
   * Reads any value.
   *
   * @throws JsonProcessingException if there is none
   */
  public static JsonNode tree(String json) throws JsonProcessingException {
    return MAPPER.readTree(json);
  }

  /** Reads any values that follow each other; closing it closes the stream. */
  public static MappingIterator<JsonNode> trees(InputStream in) throws IOException {
    return MAPPER.readerFor(JsonNode.class).readValues(in);
  }

  /**
   * Reads one value with nothing behind it, no key twice.
   *
   * @throws JsonProcessingException if it is none
   */
  public static JsonNode strictTree(byte[] json) throws IOException {
    return STRICT.readTree(json);
  }

  /** The same of a text. */
  public static JsonNode strictTree(String json) throws JsonProcessingException {
    return STRICT.readTree(json);
  }

  /**
   * Reads an object that has exactly the components of a record, each of its type and none null.
   *
   * @throws JsonProcessingException if it is none
   */
  public static <T> T strict(JsonNode json, Class<T> type) throws JsonProcessingException {
    return STRICT.treeToValue(json, type);
  }
}
