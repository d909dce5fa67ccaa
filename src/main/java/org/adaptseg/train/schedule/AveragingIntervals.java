package org.adaptseg.train.schedule;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.Cluster;

/**
 * Iterations between two averagings: one interval for a run, or several that follow each other
 * (post-local SGD, Lin et al. 2020: small ones first).
 *
 * @param spans in order, at least one; the last has no end
 */
public record AveragingIntervals(List<Span> spans) {
  /**
   * An interval and where it ends to apply.
   *
   * @param end the iteration from which on it no longer applies
   * @param iterations of a round, at least 1
   */
  public record Span(long end, int iterations) {}

  /** Copies the list. */
  public AveragingIntervals {
    spans = List.copyOf(spans);
  }

  /** One interval for a run. */
  public static AveragingIntervals every(int iterations) {
    return new AveragingIntervals(List.of(new Span(Long.MAX_VALUE, iterations)));
  }

  /**
   * The intervals of a configuration.
   *
   * @param intervals by share of the run, the last to its end
   * @param total iterations of the run
   */
  static AveragingIntervals of(List<Cluster.Averaging> intervals, long total) {
    List<Span> spans = new ArrayList<>();
    for (Cluster.Averaging interval : intervals) {
      long end = interval.until() == 1 ? Long.MAX_VALUE : Math.round(interval.until() * total);
      spans.add(new Span(end, interval.iterations()));
    }
    return new AveragingIntervals(spans);
  }

  /** The interval of a round that begins with an iteration. */
  public Span at(long iteration) {
    for (Span span : spans) {
      if (iteration < span.end()) {
        return span;
      }
    }
    throw new IllegalArgumentException(
        "Cannot plan a round: expected an interval without end, found " + spans);
  }

  /** The smallest interval. */
  int least() {
    return spans.stream().mapToInt(Span::iterations).min().orElse(0);
  }
}
