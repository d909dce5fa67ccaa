package org.adaptseg.train;

import java.util.Locale;

/**
 * What iterations and rounds take on a cluster, measured there or told by who knows.
 *
 * @param iterationSeconds an iteration of the slowest worker, its wait for samples included; above
 *     0
 * @param averagingSeconds a round beyond its iterations, at least 0
 */
public record RoundCost(double iterationSeconds, double averagingSeconds) {
  public RoundCost {
    if (!(iterationSeconds > 0) || !(averagingSeconds >= 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot estimate: expected seconds above 0 of an iteration and of at least 0 of averaging, found %s and %s",
              iterationSeconds,
              averagingSeconds));
    }
  }

  /** The least averaging interval with which averaging takes at most a share of the time. */
  public int leastInterval(double share) {
    double least = averagingSeconds * (1 - share) / share / iterationSeconds;
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.ceil(least)));
  }
}
