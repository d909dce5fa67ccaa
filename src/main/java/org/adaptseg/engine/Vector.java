package org.adaptseg.engine;

/** A flat vector in an engine's memory: parameters, gradients or moments, float32 or wider. */
public interface Vector extends AutoCloseable {
  /** Number of values. */
  long length();

  /**
   * A part that shares its memory; it is not closed by itself.
   *
   * @throws IndexOutOfBoundsException for a part that is not within the vector
   */
  Vector part(long from, long length);

  /**
   * Replaces all values.
   *
   * @throws IllegalArgumentException for another number of values
   */
  void write(float[] values);

  /** A copy of all values. */
  float[] read();

  /** Sets all values. */
  void fill(float value);

  /** As {@link #write(float[])}, rounded to the engine's type. */
  default void write(double[] values) {
    write(Widths.rounded(values));
  }

  /** As {@link #read()}, in double precision where the engine computes in it. */
  default double[] readDoubles() {
    return Widths.widened(read());
  }

  @Override
  void close();
}
