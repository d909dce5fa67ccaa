package org.adaptseg.report.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.RunConfig;

/** A configuration as MLflow's parameters: one per value, without passwords. */
final class Parameters {
  /** Servers before MLflow 2.8 refuse longer values. */
  private static final int LONGEST_VALUE = 500;

  private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]*@");

  private Parameters() {}

  /** Values by key, as {@code --set} names them. */
  static Map<String, String> of(RunConfig config) {
    Map<String, String> parameters = new TreeMap<>();
    try {
      flatten("", new YAMLMapper().readTree(ConfigLoader.toYaml(config)), parameters);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read a configuration back", e);
    }
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
      String value = withoutUserInfo(node.isArray() ? node.toString() : node.asText());
      parameters.put(key, value.substring(0, Math.min(LONGEST_VALUE, value.length())));
    }
  }

  /** A text whose URIs name no user and no password. */
  static String withoutUserInfo(String text) {
    return USER_INFO.matcher(text).replaceAll("");
  }
}
