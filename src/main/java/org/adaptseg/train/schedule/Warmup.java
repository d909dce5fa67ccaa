package org.adaptseg.train.schedule;

import java.util.Locale;

/**
 * What multiplies a learning rate: it rises in a line, from 1 to the factor of several workers
 * (Goyal et al. 2017) or from a start near 0 to 1.
 *
 * @param iterations in which the factor rises, at least 0
 * @param start at the beginning, at least 0
 * @param factor from then on, at least the start
 */
public record Warmup(long iterations, double start, double factor) {
  /** Rates as they are. */
  public static final Warmup NONE = new Warmup(0, 1, 1);

  public Warmup {
    if (iterations < 0 || !(start >= 0) || !(factor >= start)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot raise a learning rate: expected at least 0 iterations and a factor of at least the start, found %d, from %s to %s",
              iterations,
              start,
              factor));
    }
  }

  /**
   * A factor for several workers that is reached after a share of a run.
   *
   * @param share from 0 to 1
   * @param iterations of the run
   */
  static Warmup of(double factor, double share, long iterations) {
    return factor == 1 ? NONE : new Warmup(Math.round(share * iterations), 1, factor);
  }

  /** A rise to 1; none in 0 iterations. */
  static Warmup from(double start, long iterations) {
    return iterations == 0 ? NONE : new Warmup(iterations, start, 1);
  }

  /** The factor in iteration t ≥ 0; exactly 1 where nothing is raised. */
  public double at(long t) {
    return t >= iterations ? factor : start + (factor - start) * t / iterations;
  }
}
