package org.adaptseg.engine.host;

/**
 * eˣ in float, several times as fast as {@link Math#exp}, and the same bits on every machine: 2ⁿ
 * times a polynomial on [−½ ln 2, ½ ln 2] (Cephes' {@code expf}), relative error below 2⁻²².
 */
final class Exponential {
  private static final float LOG2_E = 1.44269504f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  /** Adding it rounds to a whole number, which is then in the lower bits. */
  private static final float ROUNDING = 12582912f;

  /** Below, eˣ would not be a normal number. */
  private static final float LEAST = -87f;

  private static final int BIAS = 127;
  private static final int MANTISSA = 23;

  private Exponential() {}

  /**
   * eˣ; 0 below −87, NaN for NaN.
   *
   * @param x at most 0
   */
  static float ofNonPositive(float x) {
    if (x < LEAST) {
      return 0;
    }
    float n = x * LOG2_E + ROUNDING - ROUNDING;
    float r = x - n * LN2_HIGH - n * LN2_LOW;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    return (p * r * r + r + 1) * Float.intBitsToFloat(((int) n + BIAS) << MANTISSA);
  }
}
