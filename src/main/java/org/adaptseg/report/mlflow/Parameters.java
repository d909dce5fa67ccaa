package org.adaptseg.report.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.yaml.Secrets;
import org.adaptseg.config.yaml.StrictYaml;

/** A configuration as MLflow's parameters: one per value, without passwords. */
final class Parameters {
  /** Servers before MLflow 2.8 refuse longer values. */
  private static final int LONGEST_VALUE = 500;

  private Parameters() {}

  /** Values by key, as {@code --set} names them. */
  static Map<String, String> of(RunConfig config) {
    Map<String, String> parameters = new TreeMap<>();
    flatten("", StrictYaml.tree(ConfigLoader.toYaml(config)), parameters);
    return parameters;
  }

  private static void flatten(String key, JsonNode node, Map<String, String> parameters) {
    String prefix = key.isEmpty() ? "" : key + ".";
    if (node.isObject()) {
      for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
        Map.Entry<String, JsonNode> field = fields.next();
        flatten(prefix + field.getKey(), field.getValue(), parameters);
      }
    } else if (node.isArray() && node.size() > 0 && node.get(0).isContainerNode()) {
      for (int i = 0; i < node.size(); i++) {
        flatten(prefix + i, node.get(i), parameters);
      }
    } else {
      String value = Secrets.withoutUser(node.isArray() ? node.toString() : node.asText());
      parameters.put(key, value.substring(0, Math.min(LONGEST_VALUE, value.length())));
    }
  }
}
