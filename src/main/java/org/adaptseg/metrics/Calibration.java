package org.adaptseg.metrics;

import java.io.Serializable;
import java.util.Arrays;

/**
 * How sure predictions were and how often they were right: counts in {@value #BINS} bins of equal
 * width over the probability of the predicted class. Probabilities are summed as whole numbers of
 * 2⁻²⁴, so that parts merge to the same bits in any order and grouping.
 */
public final class Calibration implements Serializable {
  /** Number of bins; the first is for probabilities below 1/15, the last has 1 in it. */
  public static final int BINS = 15;

  /** Units of a probability of 1 in a sum. */
  public static final int UNIT = 1 << 24;

  /** Numbers that a calibration consists of. */
  public static final int COUNTS = 3 * BINS;

  private static final long serialVersionUID = 1L;

  private final long[] pixels = new long[BINS];
  private final long[] right = new long[BINS];
  private final long[] sums = new long[BINS];

  /**
   * Counts a pixel.
   *
   * @param probability of the predicted class, 0..1
   * @param isRight whether the prediction is the label
   */
  void add(float probability, boolean isRight) {
    int bin = Math.min((int) (probability * BINS), BINS - 1);
    pixels[bin]++;
    sums[bin] += Math.round((double) probability * UNIT);
    if (isRight) {
      right[bin]++;
    }
  }

  /** Adds pixels that were counted elsewhere: {@link #BINS} of pixels, of right ones, of sums. */
  void add(long[] counts) {
    for (int bin = 0; bin < BINS; bin++) {
      pixels[bin] += counts[bin];
      right[bin] += counts[BINS + bin];
      sums[bin] += counts[2 * BINS + bin];
    }
  }

  void merge(Calibration other) {
    for (int bin = 0; bin < BINS; bin++) {
      pixels[bin] += other.pixels[bin];
      right[bin] += other.right[bin];
      sums[bin] += other.sums[bin];
    }
  }

  /**
   * The expected calibration error (Guo et al. 2017): the mean over the pixels of how far, in the
   * pixel's bin, the share of right predictions is from the mean probability; a fraction 0..1. NaN
   * if no pixel was counted.
   */
  public double error() {
    double sum = 0;
    long all = 0;
    for (int bin = 0; bin < BINS; bin++) {
      sum += Math.abs(right[bin] - (double) sums[bin] / UNIT);
      all += pixels[bin];
    }
    return all == 0 ? Double.NaN : sum / all;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Calibration other
        && Arrays.equals(pixels, other.pixels)
        && Arrays.equals(right, other.right)
        && Arrays.equals(sums, other.sums);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(pixels) + Arrays.hashCode(sums);
  }
}
