package org.adaptseg.data.image;

import java.util.Arrays;
import org.adaptseg.config.data.Normalisation;

/**
 * Pillow's {@code BICUBIC} of one image: first every row to its new width, rounded to 8 bits, then
 * every column. Rows are made when the columns first need them, and kept only as long.
 */
final class Bicubic {
  private static final int CHANNELS = 3;
  private static final int LARGEST = 255;
  private static final long TWO_HALVES =
      ResizeFilter.HALF | (long) ResizeFilter.HALF << Integer.SIZE;

  private final RgbImage image;
  private final int width;
  private final int height;
  private final ResizeFilter across;
  private final ResizeFilter down;

  /** Two rows of the image, the upper one in the lower halves; then zeros for the last taps. */
  private final long[] pairs;

  /** Receives a row of the result. */
  private interface Rows {
    /**
     * @param planes 3·width values 0..255: all reds, all greens, all blues
     */
    void take(int y, int[] planes);
  }

  Bicubic(RgbImage image, int width, int height) {
    this.image = image;
    this.width = width;
    this.height = height;
    this.across = ResizeFilter.of(image.width(), width);
    this.down = ResizeFilter.of(image.height(), height);
    this.pairs = new long[CHANNELS * (image.width() + across.taps())];
  }

  /** As pixels. */
  RgbImage resized() {
    byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(width, CHANNELS), height)];
    resize(
        (y, planes) -> {
          int to = y * width * CHANNELS;
          for (int x = 0; x < width; x++) {
            out[to++] = (byte) planes[x];
            out[to++] = (byte) planes[width + x];
            out[to++] = (byte) planes[2 * width + x];
          }
        });
    return new RgbImage(height, width, out);
  }

  /** As the network's input, which {@link Image#of} would make of the pixels. */
  Image input(Normalisation normalisation) {
    InputChannels channels = InputChannels.of(normalisation);
    int area = Math.multiplyExact(width, height);
    float[] chw = new float[Math.multiplyExact(Image.CHANNELS, area)];
    resize(
        (y, planes) -> {
          for (int c = 0; c < Image.CHANNELS; c++) {
            float mean = channels.mean(c);
            float scale = channels.scale(c);
            int from = channels.of(c) * width;
            int to = c * area + y * width;
            for (int x = 0; x < width; x++) {
              chw[to + x] = (planes[from + x] - mean) * scale;
            }
          }
        });
    return new Image(height, width, chw);
  }

  private void resize(Rows out) {
    // Integers, because loops over them alone are vectorised. Rows come in pairs, so one more than
    // a column needs may be there.
    int[][] rows = new int[down.taps() + 2][CHANNELS * width];
    int[] sums = new int[CHANNELS * width];
    int made = 0;
    for (int y = 0; y < height; y++) {
      int first = down.first(y);
      for (; made < Math.min(image.height(), first + down.taps()); made += 2) {
        twoRows(made, rows[made % rows.length], rows[(made + 1) % rows.length]);
      }
      // Weights beyond a column's count are 0, whatever the row holds.
      Arrays.fill(sums, ResizeFilter.HALF);
      for (int tap = 0; tap < down.taps(); tap += 2) {
        int[] upper = rows[(first + tap) % rows.length];
        int[] lower = rows[(first + tap + 1) % rows.length];
        add(down.weight(y, tap), upper, down.weight(y, tap + 1), lower, sums);
      }
      clip(sums);
      out.take(y, sums);
    }
  }

  private static void add(int weight0, int[] row0, int weight1, int[] row1, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weight0 * row0[i] + weight1 * row1[i];
    }
  }

  /** By shifts and masks, because the compiler vectorises these, and neither min nor max. */
  private static void clip(int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      int value = sums[i] >> ResizeFilter.PRECISION;
      value &= ~(value >> 31);
      int below = LARGEST - value;
      sums[i] = LARGEST - (below & ~(below >> 31));
    }
  }

  /** Values 0..255 of two rows of the image at their new width; the last one may be alone. */
  private void twoRows(int y, int[] upper, int[] lower) {
    byte[] rgb = image.rgb();
    int from = y * image.width() * CHANNELS;
    int below = y + 1 < image.height() ? image.width() * CHANNELS : 0;
    pack(rgb, from, from + below);
    if (across.taps() == ResizeFilter.FEW_TAPS) {
      six(upper, lower);
    } else {
      any(upper, lower);
    }
    clip(upper);
    clip(lower);
  }

  private void pack(byte[] rgb, int upper, int lower) {
    long[] two = pairs;
    int apart = lower - upper;
    int values = image.width() * CHANNELS;
    for (int i = 0; i < values; i++) {
      two[i] = rgb[upper + i] & 0xFFL | (rgb[upper + i + apart] & 0xFFL) << Integer.SIZE;
    }
  }

  // Both rows are summed in one product: what a negative sum of the lower half borrows from the
  // upper one is given back at the end.

  /** With all weights of a position known. */
  private void six(int[] upper, int[] lower) {
    // Local, so that stores into rows do not make the loop read these again.
    int[] weights = across.weights();
    int[] firsts = across.first();
    long[] two = pairs;
    int n = width;
    for (int x = 0; x < n; x++) {
      int p = firsts[x] * CHANNELS;
      int at = x * ResizeFilter.FEW_TAPS;
      long w0 = weights[at];
      long w1 = weights[at + 1];
      long w2 = weights[at + 2];
      long w3 = weights[at + 3];
      long w4 = weights[at + 4];
      long w5 = weights[at + 5];
      long red = TWO_HALVES + w0 * two[p] + w1 * two[p + 3] + w2 * two[p + 6];
      red += w3 * two[p + 9] + w4 * two[p + 12] + w5 * two[p + 15];
      long green = TWO_HALVES + w0 * two[p + 1] + w1 * two[p + 4] + w2 * two[p + 7];
      green += w3 * two[p + 10] + w4 * two[p + 13] + w5 * two[p + 16];
      long blue = TWO_HALVES + w0 * two[p + 2] + w1 * two[p + 5] + w2 * two[p + 8];
      blue += w3 * two[p + 11] + w4 * two[p + 14] + w5 * two[p + 17];
      part(red, upper, lower, x);
      part(green, upper, lower, x + n);
      part(blue, upper, lower, x + 2 * n);
    }
  }

  private void any(int[] upper, int[] lower) {
    int[] weights = across.weights();
    int taps = across.taps();
    int[] firsts = across.first();
    long[] two = pairs;
    int n = width;
    for (int x = 0; x < n; x++) {
      int p = firsts[x] * CHANNELS;
      long red = TWO_HALVES;
      long green = TWO_HALVES;
      long blue = TWO_HALVES;
      for (int at = x * taps; at < x * taps + taps; at += 2) {
        long w0 = weights[at];
        long w1 = weights[at + 1];
        red += w0 * two[p] + w1 * two[p + 3];
        green += w0 * two[p + 1] + w1 * two[p + 4];
        blue += w0 * two[p + 2] + w1 * two[p + 5];
        p += 2 * CHANNELS;
      }
      part(red, upper, lower, x);
      part(green, upper, lower, x + n);
      part(blue, upper, lower, x + 2 * n);
    }
  }

  private static void part(long sums, int[] upper, int[] lower, int at) {
    int low = (int) sums;
    upper[at] = low;
    lower[at] = (int) (sums - low >> Integer.SIZE);
  }
}
