package org.adaptseg.data.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A pattern of paths as Hadoop has it: {@code *}, {@code ?}, {@code [a-z]}, {@code [^a-z]}, {@code
 * {a,b}}, and {@code \} before a character that means itself. No part of it matches a slash.
 *
 * @param alternatives the pattern without braces, each a list of a path's names
 */
record Glob(List<List<Name>> alternatives) {
  /**
   * The pattern of one name of a path.
   *
   * @param text the name, if it is no pattern
   * @param pattern null if it is none
   */
  record Name(String text, Pattern pattern) {
    boolean isPattern() {
      return pattern != null;
    }

    boolean matches(String name) {
      return pattern == null ? text.equals(name) : pattern.matcher(name).matches();
    }
  }

  static Glob of(String glob) {
    List<List<Name>> alternatives = new ArrayList<>();
    for (String plain : expand(glob)) {
      List<Name> names = new ArrayList<>();
      for (String name : plain.split("/")) {
        if (!name.isEmpty() && !name.equals(".")) {
          names.add(name(name));
        }
      }
      alternatives.add(names);
    }
    return new Glob(alternatives);
  }

  /** Whether a path relative to the root is one of the pattern's. */
  boolean matches(String path) {
    String[] names = path.split("/", -1);
    return alternatives.stream().anyMatch(alternative -> matches(alternative, names));
  }

  private static boolean matches(List<Name> alternative, String[] names) {
    if (alternative.size() != names.length) {
      return false;
    }
    for (int i = 0; i < names.length; i++) {
      if (!alternative.get(i).matches(names[i])) {
        return false;
      }
    }
    return true;
  }

  /** The first braces that are not escaped, and then the rest. */
  private static List<String> expand(String glob) {
    int open = -1;
    int depth = 0;
    List<Integer> cuts = new ArrayList<>();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '{' && depth++ == 0) {
        open = i;
        cuts.add(i);
      } else if (c == ',' && depth == 1) {
        cuts.add(i);
      } else if (c == '}' && depth > 0 && --depth == 0) {
        cuts.add(i);
        List<String> all = new ArrayList<>();
        for (int j = 0; j + 1 < cuts.size(); j++) {
          String choice = glob.substring(cuts.get(j) + 1, cuts.get(j + 1));
          all.addAll(expand(glob.substring(0, open) + choice + glob.substring(i + 1)));
        }
        return all;
      }
    }
    return List.of(glob);
  }

  private static Name name(String glob) {
    StringBuilder text = new StringBuilder();
    StringBuilder regex = new StringBuilder();
    boolean pattern = false;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      int end = c == '[' ? glob.indexOf(']', i + 2) : -1;
      if (c == '*') {
        regex.append(".*");
        pattern = true;
      } else if (c == '?') {
        regex.append('.');
        pattern = true;
      } else if (end > 0) {
        regex.append(characters(glob.substring(i + 1, end)));
        pattern = true;
        i = end;
      } else {
        if (c == '\\' && i + 1 < glob.length()) {
          c = glob.charAt(++i);
        }
        text.append(c);
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return pattern
        ? new Name(glob, Pattern.compile(regex.toString(), Pattern.DOTALL))
        : new Name(text.toString(), null);
  }

  private static String characters(String text) {
    boolean not = text.startsWith("^") || text.startsWith("!");
    return (not ? "[^" : "[")
        + (not ? text.substring(1) : text).replaceAll("([\\[\\]\\\\^&])", "\\\\$1")
        + "]";
  }
}
