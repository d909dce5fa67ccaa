package org.adaptseg.nn.training;

import java.util.Locale;
import org.adaptseg.engine.Vector;

/** Replaces vectors by those of a state. */
final class Parameters {
  private Parameters() {}

  /**
   * Replaces all values.
   *
   * @param name of the vector in the state, for the message
   * @throws IllegalArgumentException for another number of values
   */
  static void load(Vector vector, float[] values, String name) {
    if (vector.length() != values.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot load %s: expected %d values, found %d",
              name,
              vector.length(),
              values.length));
    }
    vector.write(values);
  }
}
