package org.adaptseg.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.config.yaml.RecordBinder;
import org.adaptseg.config.yaml.StrictYaml;
import org.adaptseg.config.yaml.TextSource;
import org.adaptseg.config.yaml.YamlNode;
import org.adaptseg.config.yaml.YamlReader;

/**
 * Reads a run's configuration: YAML, then overrides, then every check that needs no data. All
 * problems are reported together.
 */
public final class ConfigLoader {
  private ConfigLoader() {}

  /**
   * Reads and checks a configuration; dataset descriptions and label spaces given by path are local
   * files.
   *
   * @param yamlText the file's text
   * @param where the file, for messages
   * @param overrides {@code a.b=value} each, the value in YAML; list entries by index ({@code
   *     schedule.phases.0.iterations=10})
   * @throws ConfigException naming every problem with its key and line
   */
  public static RunConfig load(String yamlText, String where, List<String> overrides) {
    return load(yamlText, where, overrides, TextSource.LOCAL);
  }

  /**
   * As {@link #load(String, String, List)}, with dataset descriptions and label spaces from {@code
   * files}.
   */
  public static RunConfig load(
      String yamlText, String where, List<String> overrides, TextSource files) {
    return load(yamlText, where, overrides, files, ResolvedData.ALL);
  }

  /**
   * As {@link #load(String, String, List, TextSource)}, for who reads less than a training.
   *
   * @param read the parts of the data whose places must be named
   */
  public static RunConfig load(
      String yamlText,
      String where,
      List<String> overrides,
      TextSource files,
      Set<ResolvedData.Part> read) {
    YamlNode tree = YamlReader.parse(yamlText, where);
    List<String> problems = new ArrayList<>();
    // An empty file is said to be one, whatever stands on the command line.
    boolean isEmpty = tree instanceof YamlNode.Scalar scalar && scalar.isNull();
    for (String override : isEmpty ? List.<String>of() : overrides) {
      tree = override(tree, override, problems);
    }
    Optional<RunConfig> config = new RecordBinder(problems, files).bind(tree, RunConfig.class);
    config.ifPresent(
        bound -> {
          try {
            ResolvedData data = ResolvedData.of(bound.data(), files, read);
            problems.addAll(ClassSet.problems(bound, data.classes(), files));
          } catch (ConfigException e) {
            problems.addAll(e.problems());
          }
        });
    if (config.isEmpty() || !problems.isEmpty()) {
      throw new ConfigException(where, problems);
    }
    return config.get();
  }

  /**
   * Whether a file has a key, rather than leaving it to its default.
   *
   * @param yamlText the file's text
   * @param where the file, for messages
   * @param key for example {@code cluster.workers}
   * @throws ConfigException if it is no YAML
   */
  public static boolean states(String yamlText, String where, String key) {
    YamlNode node = YamlReader.parse(yamlText, where);
    for (String part : key.split("\\.", -1)) {
      if (!(node instanceof YamlNode.Mapping mapping) || !mapping.entries().containsKey(part)) {
        return false;
      }
      node = mapping.entries().get(part).value();
    }
    return true;
  }

  /** The effective configuration, defaults and overrides included, as YAML that loads again. */
  public static String toYaml(RunConfig config) {
    return StrictYaml.write(config);
  }

  private static YamlNode override(YamlNode tree, String override, List<String> problems) {
    int equals = override.indexOf('=');
    if (equals < 1) {
      problems.add("--set: expected key=value, found '" + override + "'");
      return tree;
    }
    String path = override.substring(0, equals).strip();
    try {
      YamlNode value = YamlReader.parseValue(override.substring(equals + 1), "--set " + path);
      return replace(tree, List.of(path.split("\\.", -1)), value);
    } catch (ConfigException e) {
      e.problems().forEach(problem -> problems.add("--set " + path + ": " + problem));
    } catch (IllegalArgumentException e) {
      problems.add("--set " + path + ": " + e.getMessage());
    }
    return tree;
  }

  private static YamlNode replace(YamlNode node, List<String> path, YamlNode value) {
    if (path.isEmpty()) {
      return value;
    }
    String key = path.get(0);
    List<String> rest = path.subList(1, path.size());
    if (node instanceof YamlNode.Sequence sequence) {
      List<YamlNode> items = new ArrayList<>(sequence.items());
      if (!key.matches("\\d{1,9}") || Integer.parseInt(key) >= items.size()) {
        throw new IllegalArgumentException(
            "expected an index below " + items.size() + ", found '" + key + "'");
      }
      items.set(Integer.parseInt(key), replace(items.get(Integer.parseInt(key)), rest, value));
      return new YamlNode.Sequence(items, sequence.mark());
    }
    // A section that the file leaves to its defaults becomes a map, to hold a key below it.
    YamlNode.Mapping mapping =
        node instanceof YamlNode.Mapping map
            ? map
            : new YamlNode.Mapping(new LinkedHashMap<>(), value.mark());
    YamlNode.Entry child = mapping.entries().get(key);
    YamlNode old = child == null ? new YamlNode.Scalar(null, value.mark()) : child.value();
    return mapping.with(key, replace(old, rest, value));
  }
}
