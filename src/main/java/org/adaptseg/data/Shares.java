package org.adaptseg.data;

import java.util.List;

/**
 * How a sequence is shared out by weights: of the first n places, component k has n times its share
 * up to one for each component. In whole numbers, so that a count is exact however long a run is.
 */
final class Shares {
  private static final int BITS = 32;

  /** Of what the components before leave, the part of each but the last, in units of 2^-32. */
  private final long[] parts;

  /**
   * @param weights at least one, each above 0
   */
  Shares(List<Double> weights) {
    parts = new long[weights.size() - 1];
    for (int k = 0; k < parts.length; k++) {
      double rest = weights.subList(k, weights.size()).stream().mapToDouble(w -> w).sum();
      long part = Math.round(weights.get(k) / rest * (1L << BITS));
      parts[k] = Math.max(1, Math.min((1L << BITS) - 1, part));
    }
  }

  /** Places of each component among the first n. */
  long[] counts(long n) {
    long[] counts = new long[parts.length + 1];
    long left = n;
    for (int k = 0; k < parts.length; k++) {
      // The high and the low half of a product of 95 bits.
      counts[k] = (Math.multiplyHigh(left, parts[k]) << BITS) | (left * parts[k] >>> BITS);
      left -= counts[k];
    }
    counts[parts.length] = left;
    return counts;
  }
}
