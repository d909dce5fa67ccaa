package org.adaptseg.data.prediction;

/** Numbers of 16 bits as IEEE 754 has them (binary16), which Java 17 cannot make. */
public final class HalfFloat {
  private static final int DROPPED = 13;
  private static final int EXPONENT_SHIFT = 112;
  private static final float LEAST_NORMAL = 0x1p-14f;
  private static final float STEPS_BELOW = 0x1p24f;

  private HalfFloat() {}

  /**
   * The nearest half; of two, the one whose last bit is 0.
   *
   * @param value 0 to 65504
   */
  public static short of(float value) {
    if (value < LEAST_NORMAL) {
      return (short) Math.rint(value * STEPS_BELOW);
    }
    int bits = Float.floatToRawIntBits(value);
    int even = bits >>> DROPPED & 1;
    return (short) ((bits + (1 << DROPPED - 1) - 1 + even >>> DROPPED) - (EXPONENT_SHIFT << 10));
  }
}
