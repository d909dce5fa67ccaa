package org.adaptseg.train.schedule;

import java.util.Locale;

/**
 * What multiplies a learning rate that is raised for several workers: from 1 in a line up to the
 * whole factor (Goyal et al. 2017).
 *
 * @param iterations in which the factor rises, at least 0
 * @param factor from then on, at least 1
 */
public record Warmup(long iterations, double factor) {
  /** Rates as they are. */
  public static final Warmup NONE = new Warmup(0, 1);

  public Warmup {
    if (iterations < 0 || !(factor >= 1)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot raise a learning rate: expected at least 0 iterations and a factor of at least 1, found %d and %s",
              iterations,
              factor));
    }
  }

  /**
   * A factor that is reached after a share of a run.
   *
   * @param share from 0 to 1
   * @param iterations of the run
   */
  static Warmup of(double factor, double share, long iterations) {
    return factor == 1 ? NONE : new Warmup(Math.round(share * iterations), factor);
  }

  /** The factor in iteration t ≥ 0; exactly 1 where nothing is raised. */
  public double at(long t) {
    return t >= iterations ? factor : 1 + (factor - 1) * t / iterations;
  }
}
