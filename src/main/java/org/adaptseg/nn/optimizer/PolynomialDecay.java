package org.adaptseg.nn.optimizer;

import java.util.Locale;

/**
 * lr(t) = base · (1 − t / total)^power, clamped to 0 behind the end.
 *
 * @param base learning rate at iteration 0
 * @param total iterations after which the rate is 0
 * @param power exponent; 0.9 in the paper
 */
public record PolynomialDecay(double base, long total, double power) {
  public PolynomialDecay {
    if (!(base > 0) || total < 1 || !(power >= 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot decay a learning rate: expected base > 0, total >= 1 and power >= 0, found %s, %d, %s",
              base,
              total,
              power));
    }
  }

  /** The rate at iteration t ≥ 0. */
  public double at(long t) {
    // A negative base to a fractional power would be NaN.
    return base * Math.pow(Math.max(0, 1 - (double) t / total), power);
  }
}
