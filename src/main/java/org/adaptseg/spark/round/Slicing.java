package org.adaptseg.spark.round;

import java.util.Locale;
import org.adaptseg.train.LearnerState;

/**
 * Into how many parts a state is cut for averaging, one task each; the configuration calls them
 * slices. The mean is the same bits for any number.
 *
 * @param most parts at most, at least 1
 * @param leastValues values that a part has at least where there are several, at least 1: a task
 *     costs some milliseconds whatever it averages
 */
public record Slicing(int most, long leastValues) {
  private static final long LEAST_VALUES = 1 << 20;

  /** 256 kB stay in a processor's cache from one copy to the next, and are no burden to collect. */
  private static final long SLICE_VALUES = 1 << 16;

  public Slicing {
    if (most < 1 || leastValues < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot cut a state: expected at least 1 slice of 1 value, found %d of %d (cluster.slices)",
              most,
              leastValues));
    }
  }

  /** At most this many parts, none of which is too small for a task. */
  public static Slicing atMost(int slices) {
    return new Slicing(slices, LEAST_VALUES);
  }

  /** Exactly this many parts, however small. */
  public static Slicing exactly(int slices) {
    return new Slicing(slices, 1);
  }

  StateLayout layout(LearnerState state) {
    long values = state.vectors().stream().mapToLong(v -> v.values().length).sum();
    long parts = Math.max(1, Math.min(most, values / leastValues));
    long slices = Math.max(1, (values / parts + SLICE_VALUES - 1) / SLICE_VALUES);
    return StateLayout.of(state, (int) parts, Math.toIntExact(slices));
  }
}
