package org.adaptseg.report.html;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.util.List;
import java.util.regex.Pattern;

/** Takes secrets out of a configuration before it is shown. */
final class Redaction {
  private static final String HIDDEN = "(hidden)";

  /** Keys whose values are never shown, whatever their spelling. */
  private static final Pattern SECRET_KEY =
      Pattern.compile(
          "(?i).*(secret|passw|passphrase|token|credential|access[-_.]?key|api[-_.]?key"
              + "|private[-_.]?key|signature).*");

  /** User and password, or key and secret, inside a URI: {@code s3a://KEY:SECRET@bucket}. */
  private static final Pattern USER_INFO = Pattern.compile("(://)[^/@\\s]+@");

  /** Values of such keys in the query of a URI. */
  private static final Pattern QUERY =
      Pattern.compile("(?i)([?&][^=&\\s]*(?:secret|passw|token|key|sig)[^=&\\s]*=)[^&\\s]+");

  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .build());

  private Redaction() {}

  /** The YAML text without its secrets. */
  static String ofYaml(String yaml) {
    try {
      return YAML.writeValueAsString(of(YAML.readTree(yaml), false));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot show a configuration: expected YAML, found " + e.getOriginalMessage(), e);
    }
  }

  /** A text without the secrets that URIs in it may hold. */
  static String ofText(String text) {
    String withoutUser = USER_INFO.matcher(text).replaceAll("$1" + HIDDEN + "@");
    return QUERY.matcher(withoutUser).replaceAll("$1" + HIDDEN);
  }

  private static JsonNode of(JsonNode node, boolean secret) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (node.isObject()) {
      ObjectNode copy = nodes.objectNode();
      for (String key : (Iterable<String>) node::fieldNames) {
        boolean hidden = secret || SECRET_KEY.matcher(key).matches();
        copy.set(key, of(node.get(key), hidden));
      }
      return copy;
    }
    if (node.isArray()) {
      ArrayNode copy = nodes.arrayNode();
      List.copyOf(elements(node)).forEach(item -> copy.add(of(item, secret)));
      return copy;
    }
    if (secret) {
      return nodes.textNode(HIDDEN);
    }
    return node.isTextual() ? nodes.textNode(ofText(node.textValue())) : node;
  }

  private static List<JsonNode> elements(JsonNode array) {
    return java.util.stream.StreamSupport.stream(array.spliterator(), false).toList();
  }
}
