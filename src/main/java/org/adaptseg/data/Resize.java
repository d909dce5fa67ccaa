package org.adaptseg.data;

/**
 * Resizing that equals Pillow's, which the published numbers were made with: {@code BICUBIC} (a =
 * −0.5, antialiased when shrinking, 8-bit fixed point) for images, {@code NEAREST} for labels.
 */
public final class Resize {
  private static final double CUBIC = -0.5;
  private static final double CUBIC_SUPPORT = 2;

  /** Pillow's fixed point: 32 bits less 8 for the pixel and 2 for the sum's headroom. */
  private static final int PRECISION = 32 - 8 - 2;

  private static final int HALF = 1 << (PRECISION - 1);
  private static final int CHANNELS = 3;

  /**
   * For every output position the first input position and the weights in fixed point.
   *
   * @param first per output position
   * @param weights per output position, one per input position from the first on
   */
  private record Filter(int[] first, int[][] weights) {}

  private Resize() {}

  /** Bicubic, each channel by itself; the same image if it has this size already. */
  public static RgbImage bicubic(RgbImage image, int width, int height) {
    checkSize(width, height);
    RgbImage across = width == image.width() ? image : horizontal(image, width);
    return height == image.height() ? across : vertical(across, height);
  }

  /** Nearest neighbour; the same labels if they have this size already. */
  public static LabelImage nearest(LabelImage labels, int width, int height) {
    checkSize(width, height);
    if (width == labels.width() && height == labels.height()) {
      return labels;
    }
    int[] columns = nearestPositions(labels.width(), width);
    int[] rows = nearestPositions(labels.height(), height);
    byte[] values = new byte[Math.multiplyExact(width, height)];
    for (int y = 0; y < height; y++) {
      int from = rows[y] * labels.width();
      for (int x = 0; x < width; x++) {
        values[y * width + x] = labels.values()[from + columns[x]];
      }
    }
    return new LabelImage(height, width, values);
  }

  private static void checkSize(int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "Cannot resize: expected sides of at least 1 pixel, found " + width + "x" + height);
    }
  }

  /** Sums the step up instead of multiplying, as Pillow does: the roundings are part of it. */
  private static int[] nearestPositions(int from, int to) {
    double step = (double) from / to;
    double position = step * 0.5;
    int[] positions = new int[to];
    for (int i = 0; i < to; i++) {
      positions[i] = Math.min((int) position, from - 1);
      position += step;
    }
    return positions;
  }

  private static Filter filter(int from, int to) {
    double scale = (double) from / to;
    double stretch = Math.max(scale, 1);
    double support = CUBIC_SUPPORT * stretch;
    int[] first = new int[to];
    int[][] weights = new int[to][];
    for (int i = 0; i < to; i++) {
      double centre = (i + 0.5) * scale;
      int low = Math.max(0, (int) (centre - support + 0.5));
      int high = Math.min(from, (int) (centre + support + 0.5));
      double[] raw = new double[high - low];
      double sum = 0;
      for (int k = 0; k < raw.length; k++) {
        raw[k] = cubic((k + low - centre + 0.5) * (1 / stretch));
        sum += raw[k];
      }
      first[i] = low;
      weights[i] = new int[raw.length];
      for (int k = 0; k < raw.length; k++) {
        double weight = (sum == 0 ? raw[k] : raw[k] / sum) * (1 << PRECISION);
        weights[i][k] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
      }
    }
    return new Filter(first, weights);
  }

  private static double cubic(double at) {
    double x = Math.abs(at);
    if (x < 1) {
      return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * CUBIC : 0;
  }

  private static RgbImage horizontal(RgbImage image, int width) {
    Filter filter = filter(image.width(), width);
    byte[] in = image.rgb();
    byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(width, image.height()), CHANNELS)];
    int to = 0;
    for (int y = 0; y < image.height(); y++) {
      int row = y * image.width();
      for (int x = 0; x < width; x++) {
        int[] weights = filter.weights()[x];
        int from = (row + filter.first()[x]) * CHANNELS;
        int red = HALF;
        int green = HALF;
        int blue = HALF;
        for (int weight : weights) {
          red += weight * (in[from] & 0xFF);
          green += weight * (in[from + 1] & 0xFF);
          blue += weight * (in[from + 2] & 0xFF);
          from += CHANNELS;
        }
        out[to++] = clip(red);
        out[to++] = clip(green);
        out[to++] = clip(blue);
      }
    }
    return new RgbImage(image.height(), width, out);
  }

  private static RgbImage vertical(RgbImage image, int height) {
    Filter filter = filter(image.height(), height);
    byte[] in = image.rgb();
    int stride = image.width() * CHANNELS;
    byte[] out = new byte[Math.multiplyExact(stride, height)];
    int[] sums = new int[stride];
    for (int y = 0; y < height; y++) {
      java.util.Arrays.fill(sums, HALF);
      int from = filter.first()[y] * stride;
      for (int weight : filter.weights()[y]) { // row by row, in the order of memory
        for (int i = 0; i < stride; i++) {
          sums[i] += weight * (in[from + i] & 0xFF);
        }
        from += stride;
      }
      for (int i = 0; i < stride; i++) {
        out[y * stride + i] = clip(sums[i]);
      }
    }
    return new RgbImage(height, image.width(), out);
  }

  private static byte clip(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> PRECISION));
  }
}
