package org.adaptseg.spark.task;

/**
 * Differences of float32 values in bfloat16: the upper half of a float32's bits, 8 significant
 * ones.
 */
public final class Bfloat16 {
  private static final int LOWER = 16;
  private static final int QUIET = 0x40;

  private Bfloat16() {}

  /** The float32 value of these bits. */
  public static float value(short bits) {
    return Float.intBitsToFloat(bits << LOWER);
  }

  /** The nearest bfloat16, of two as near the one whose last bit is 0; what is NaN stays so. */
  static short nearest(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> LOWER | QUIET);
    }
    return (short) (bits + 0x7fff + (bits >>> LOWER & 1) >>> LOWER);
  }

  /**
   * What, added to {@code before}, leads near {@code after}: the difference in float32, rounded to
   * the nearest bfloat16. Where both lie on one side of 0 and the sum would lie on the other, it is
   * the next one towards 0: what cannot be negative, Adam's second moment, never becomes so.
   */
  public static short difference(float before, float after) {
    short bits = nearest(after - before);
    float sum = before + value(bits);
    boolean crosses = sum < 0 ? before >= 0 && after >= 0 : sum > 0 && before <= 0 && after <= 0;
    return crosses ? (short) (bits - 1) : bits;
  }
}
