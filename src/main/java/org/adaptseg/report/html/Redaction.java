package org.adaptseg.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.adaptseg.config.yaml.Secrets;
import org.adaptseg.config.yaml.StrictYaml;

/** Takes secrets out of a configuration before it is shown. */
public final class Redaction {
  private Redaction() {}

  /** The YAML text without its secrets. */
  static String ofYaml(String yaml) {
    return StrictYaml.text(of(StrictYaml.tree(yaml)));
  }

  /** The tree without its secrets. */
  public static JsonNode of(JsonNode tree) {
    return of(tree, false);
  }

  private static JsonNode of(JsonNode node, boolean secret) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (node.isObject()) {
      ObjectNode copy = nodes.objectNode();
      for (String key : (Iterable<String>) node::fieldNames) {
        boolean hidden = secret || Secrets.isName(key);
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
      return nodes.textNode(Secrets.HIDDEN);
    }
    return node.isTextual() ? nodes.textNode(Secrets.hide(node.textValue())) : node;
  }

  private static List<JsonNode> elements(JsonNode array) {
    return java.util.stream.StreamSupport.stream(array.spliterator(), false).toList();
  }
}
