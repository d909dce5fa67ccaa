package org.adaptseg.spark.round;

import java.util.Arrays;
import java.util.List;

/**
 * How far the workers' trained values lie from their mean, added up while the mean is taken: for
 * every network Σ over workers and values of (x − mean)². Computed from the distances to the first
 * worker, which are as small as those to the mean: with N workers and d = x − first, Σ (x − mean)²
 * = Σ d² − (Σ d)² / N.
 *
 * <p>The sums of a slice do not depend on how its values arrive: each of {@value #LANES} sums takes
 * every {@value #LANES}th value of the state.
 */
final class Spread {
  private static final int LANES = 4;

  private final TrainedRanges trained;
  private final int workers;
  private final double[][] lanes;
  private final double[] corrections;
  private float[] first = new float[0];
  private List<TrainedRanges.Range> ranges = List.of();
  private long offset;
  private int length;

  Spread(TrainedRanges trained, int workers) {
    this.trained = trained;
    this.workers = workers;
    int networks = trained.networks().size();
    this.lanes = new double[networks][LANES];
    this.corrections = new double[networks];
  }

  /**
   * Begins with a stretch of values.
   *
   * @param offset of the first one in the state
   */
  void begin(long offset, int length) {
    this.offset = offset;
    this.length = length;
    ranges = trained.within(offset, offset + length);
    if (!ranges.isEmpty() && first.length < length) {
      first = new float[length];
    }
  }

  /**
   * Adds values of a worker.
   *
   * @param start place of the first one in the stretch
   */
  void add(int worker, float[] values, int start, int count) {
    if (ranges.isEmpty()) {
      return;
    }
    if (worker == 0) {
      System.arraycopy(values, 0, first, start, count);
      return;
    }
    for (TrainedRanges.Range range : ranges) {
      int from = (int) Math.max(range.from() - offset, start);
      int to = (int) Math.min(range.to() - offset, start + count);
      if (from < to) {
        addSquares(lanes[range.network()], values, start, from, to);
      }
    }
  }

  private void addSquares(double[] sums, float[] values, int start, int from, int to) {
    int i = from;
    for (; i < to && lane(i) != 0; i++) {
      sums[lane(i)] += square(values[i - start] - (double) first[i]);
    }
    double a = sums[0];
    double b = sums[1];
    double c = sums[2];
    double d = sums[3];
    for (; i + LANES <= to; i += LANES) {
      a += square(values[i - start] - (double) first[i]);
      b += square(values[i - start + 1] - (double) first[i + 1]);
      c += square(values[i - start + 2] - (double) first[i + 2]);
      d += square(values[i - start + 3] - (double) first[i + 3]);
    }
    sums[0] = a;
    sums[1] = b;
    sums[2] = c;
    sums[3] = d;
    for (; i < to; i++) {
      sums[lane(i)] += square(values[i - start] - (double) first[i]);
    }
  }

  private int lane(int i) {
    return (int) ((offset + i) % LANES);
  }

  private static double square(double value) {
    return value * value;
  }

  /**
   * Ends the stretch.
   *
   * @param sums of the workers' values
   */
  void end(double[] sums) {
    for (TrainedRanges.Range range : ranges) {
      int from = (int) Math.max(range.from() - offset, 0);
      int to = (int) Math.min(range.to() - offset, length);
      double correction = corrections[range.network()];
      for (int i = from; i < to; i++) {
        correction += square(sums[i] - workers * (double) first[i]);
      }
      corrections[range.network()] = correction;
    }
    ranges = List.of();
  }

  /** The sums since this was called last, by network. */
  double[] take() {
    double[] squares = new double[lanes.length];
    for (int network = 0; network < lanes.length; network++) {
      double[] sums = lanes[network];
      double all = sums[0] + sums[1] + (sums[2] + sums[3]);
      // Of workers that agree, rounding can leave a little less than nothing.
      squares[network] = Math.max(0, all - corrections[network] / workers);
      Arrays.fill(sums, 0);
      corrections[network] = 0;
    }
    return squares;
  }
}
