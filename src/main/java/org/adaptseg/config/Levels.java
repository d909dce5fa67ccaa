package org.adaptseg.config;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;

/** Maps from level names, in a fixed order. */
final class Levels {
  private Levels() {}

  /** An unmodifiable copy in the same order. */
  static <V> Map<String, V> copy(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /** An unmodifiable copy in the order of the stages. */
  static Map<String, Integer> byStage(Map<String, Integer> stages) {
    Map<String, Integer> ordered = new LinkedHashMap<>();
    stages.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(e -> ordered.put(e.getKey(), e.getValue()));
    return Collections.unmodifiableMap(ordered);
  }

  static boolean valid(Map<String, Integer> stages, int last) {
    return stages.keySet().stream().allMatch(Level::isName)
        && stages.values().stream().allMatch(s -> s >= 1 && s <= last)
        && new HashSet<>(stages.values()).size() == stages.size()
        && Integer.valueOf(last).equals(stages.get(Level.MAIN.name()));
  }

  /** What is given, in the order of the levels, and the usual value of a level without. */
  static Map<String, Double> completed(
      Map<String, Double> given, Map<String, Double> usual, Collection<String> levels) {
    Map<String, Double> all = new LinkedHashMap<>();
    for (String level : levels) {
      Double value = given.getOrDefault(level, usual.get(level));
      if (value != null) {
        all.put(level, value);
      }
    }
    given.forEach(all::putIfAbsent);
    return all;
  }
}
