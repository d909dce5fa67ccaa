package org.adaptseg.config.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** How Java names are written in YAML, and which name a mistyped one may have meant. */
public final class Names {
  private Names() {}

  /** {@code baseWidth} is {@code base-width}, {@code LEAST_SQUARES} is {@code least-squares}. */
  public static String kebab(String name) {
    // By hand: every key of every record comes by here, and a pattern would be half of reading it.
    StringBuilder spaced = new StringBuilder(name.length() + 8);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (isCapital(c) && i > 0 && isSmallOrDigit(name.charAt(i - 1))) {
        spaced.append('-');
      }
      spaced.append(c == '_' ? '-' : c);
    }
    return lower(spaced.toString());
  }

  private static boolean isCapital(char c) {
    return c >= 'A' && c <= 'Z';
  }

  private static boolean isSmallOrDigit(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
  }

  /** Small letters, whatever the machine's language: Turkish has an i of its own. */
  public static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** A constant as YAML has it. */
  public static String key(Enum<?> constant) {
    return constant instanceof Keyed keyed ? keyed.key() : kebab(constant.name());
  }

  /** {@code ; nearest is X}, or nothing when no known name is near. */
  public static String hint(String found, Collection<String> known) {
    return nearest(found, known).map(name -> " (nearest is " + name + ")").orElse("");
  }

  /** The known name that fewest edits away, unless more than half of it would have to change. */
  static Optional<String> nearest(String found, Collection<String> known) {
    String text = found.length() <= 100 ? found : found.substring(0, 100);
    return known.stream()
        .min(Comparator.comparingInt(name -> distance(text, name)))
        .filter(name -> distance(text, name) <= Math.max(text.length(), name.length()) / 2);
  }

  /** Levenshtein's distance: insertions, deletions and substitutions. */
  static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substituted, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
