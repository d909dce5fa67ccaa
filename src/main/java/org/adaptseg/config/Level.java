package org.adaptseg.config;

import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * An output level of the generator, by name. {@link #MAIN} is the head on the last stage, which
 * every network has and evaluation reads; {@link #AUX} is the paper's other one; further levels are
 * named by the configuration ({@code model.levels}). {@code main} comes last in the natural order.
 *
 * @param name 1 to 30 small letters, digits and dashes, a letter first
 */
public record Level(String name) implements Serializable, Comparable<Level> {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,29}");

  /** The level on the last stage. */
  public static final Level MAIN = new Level("main");

  /** The paper's level on the stage before the last. */
  public static final Level AUX = new Level("aux");

  public Level {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "Cannot name a level: expected small letters, digits and dashes, found '" + name + "'");
    }
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  @Override
  public int compareTo(Level other) {
    boolean last = equals(MAIN);
    return last == other.equals(MAIN) ? name.compareTo(other.name) : last ? 1 : -1;
  }

  @Override
  public String toString() {
    return name;
  }
}
