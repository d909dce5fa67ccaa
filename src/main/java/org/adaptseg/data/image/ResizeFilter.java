package org.adaptseg.data.image;

/**
 * The weights of Pillow's bicubic resizing along one side, in fixed point: for every output
 * position the first input position and a weight for each input position from there on.
 *
 * @param first per output position
 * @param counts weights per output position, at most {@code taps}
 * @param taps an even number, 6 or more, and no less than any count
 * @param weights {@code taps} per output position, of which those beyond the count are 0
 */
record ResizeFilter(int[] first, int[] counts, int taps, int[] weights) {
  /** Pillow's fixed point: 32 bits less 8 for the pixel and 2 for the sum's headroom. */
  static final int PRECISION = 32 - 8 - 2;

  /** What a sum begins with, so that cutting it off rounds. */
  static final int HALF = 1 << (PRECISION - 1);

  /** Enough up to a scale of 1.5. */
  static final int FEW_TAPS = 6;

  private static final double CUBIC = -0.5;
  private static final double CUBIC_SUPPORT = 2;

  /**
   * @param from input positions
   * @param to output positions
   */
  static ResizeFilter of(int from, int to) {
    double scale = (double) from / to;
    double stretch = Math.max(scale, 1);
    double support = CUBIC_SUPPORT * stretch;
    int[] first = new int[to];
    int[] counts = new int[to];
    int largest = 0;
    for (int i = 0; i < to; i++) {
      double centre = (i + 0.5) * scale;
      first[i] = Math.max(0, (int) (centre - support + 0.5));
      counts[i] = Math.min(from, (int) (centre + support + 0.5)) - first[i];
      largest = Math.max(largest, counts[i]);
    }
    int taps = Math.max(FEW_TAPS, largest + 1 & ~1);
    int[] weights = new int[Math.multiplyExact(to, taps)];
    double[] raw = new double[taps];
    for (int i = 0; i < to; i++) {
      double centre = (i + 0.5) * scale;
      double sum = 0;
      for (int k = 0; k < counts[i]; k++) {
        raw[k] = cubic((k + first[i] - centre + 0.5) * (1 / stretch));
        sum += raw[k];
      }
      for (int k = 0; k < counts[i]; k++) {
        double weight = (sum == 0 ? raw[k] : raw[k] / sum) * (1 << PRECISION);
        weights[i * taps + k] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
      }
    }
    return new ResizeFilter(first, counts, taps, weights);
  }

  private static double cubic(double at) {
    double x = Math.abs(at);
    if (x < 1) {
      return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * CUBIC : 0;
  }

  int first(int i) {
    return first[i];
  }

  int weight(int i, int tap) {
    return weights[i * taps + tap];
  }
}
