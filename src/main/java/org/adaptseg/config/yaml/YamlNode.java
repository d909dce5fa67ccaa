package org.adaptseg.config.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A parsed YAML value that remembers where it was written. */
public sealed interface YamlNode {
  /** Where the value was written, for example {@code conf/demo.yaml line 3}. */
  String mark();

  /** The value for messages, shortened. */
  String describe();

  /**
   * Text, number, boolean or nothing ({@code null}); what it is depends on who reads it.
   *
   * @param folder of the file that it was written in; empty for an option's value
   */
  record Scalar(String text, String mark, String folder) implements YamlNode {
    private static final int SHOWN = 80;

    /** A value that is in no file. */
    public Scalar(String text, String mark) {
      this(text, mark, "");
    }

    public boolean isNull() {
      return text == null;
    }

    @Override
    public String describe() {
      if (text == null) {
        return "nothing";
      }
      return "'" + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...") + "'";
    }
  }

  /** A list. */
  record Sequence(List<YamlNode> items, String mark) implements YamlNode {
    @Override
    public String describe() {
      return "a list of " + items.size();
    }
  }

  /** A map, in the order of the file. */
  record Mapping(Map<String, Entry> entries, String mark) implements YamlNode {
    @Override
    public String describe() {
      return "a map with " + (entries.isEmpty() ? "no keys" : "keys " + entries.keySet());
    }

    /** This map with one entry replaced or added. */
    public Mapping with(String key, YamlNode value) {
      Map<String, Entry> copy = new LinkedHashMap<>(entries);
      copy.put(key, new Entry(value, value.mark()));
      return new Mapping(copy, mark);
    }
  }

  /**
   * A key and its value.
   *
   * @param value the value
   * @param mark where the key was written
   */
  record Entry(YamlNode value, String mark) {}
}
