package org.adaptseg.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.adaptseg.config.yaml.StrictYaml;

/** A run's configuration by key, without secrets. */
final class Settings {
  private Settings() {}

  /** All values, called as {@code --set} calls them. */
  static Map<String, String> of(ReportedRun run) {
    Map<String, String> settings = new LinkedHashMap<>();
    flatten("", StrictYaml.tree(FactsTable.configuration(run)), settings);
    return settings;
  }

  /** As {@link #of}, without the seed, the name and where results go. */
  static Map<String, String> ofTheExperiment(ReportedRun run) {
    Map<String, String> settings = of(run);
    settings
        .keySet()
        .removeIf(
            key ->
                key.equals("run.seed")
                    || key.equals("run.name")
                    || key.startsWith("output.")
                    || key.startsWith("tracking."));
    return settings;
  }

  private static void flatten(String key, JsonNode node, Map<String, String> settings) {
    String prefix = key.isEmpty() ? "" : key + ".";
    if (node.isObject()) {
      for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
        Map.Entry<String, JsonNode> field = fields.next();
        flatten(prefix + field.getKey(), field.getValue(), settings);
      }
    } else if (node.isArray() && node.size() > 0 && node.get(0).isContainerNode()) {
      for (int i = 0; i < node.size(); i++) {
        flatten(prefix + i, node.get(i), settings);
      }
    } else {
      settings.put(key, node.isArray() ? node.toString() : node.asText());
    }
  }
}
