package org.adaptseg.data;

/**
 * The weights of Pillow's bicubic resizing along one side, in fixed point: for every output
 * position the first input position and a weight for each input position from there on.
 *
 * @param first per output position
 * @param counts weights per output position, at most {@code taps}
 * @param taps the largest count
 * @param weights {@code taps} per output position, of which those beyond the count are 0
 */
record ResizeFilter(int[] first, int[] counts, int taps, int[] weights) {
  /** Pillow's fixed point: 32 bits less 8 for the pixel and 2 for the sum's headroom. */
  static final int PRECISION = 32 - 8 - 2;

  /** What a sum begins with, so that cutting it off rounds. */
  static final int HALF = 1 << (PRECISION - 1);

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
    int taps = (int) Math.ceil(support) * 2 + 1;
    int[] first = new int[to];
    int[] counts = new int[to];
    int[] weights = new int[Math.multiplyExact(to, taps)];
    double[] raw = new double[taps];
    for (int i = 0; i < to; i++) {
      double centre = (i + 0.5) * scale;
      int low = Math.max(0, (int) (centre - support + 0.5));
      int high = Math.min(from, (int) (centre + support + 0.5));
      double sum = 0;
      for (int k = 0; k < high - low; k++) {
        raw[k] = cubic((k + low - centre + 0.5) * (1 / stretch));
        sum += raw[k];
      }
      first[i] = low;
      counts[i] = high - low;
      for (int k = 0; k < high - low; k++) {
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

  int count(int i) {
    return counts[i];
  }

  int weight(int i, int tap) {
    return weights[i * taps + tap];
  }
}
