package org.adaptseg.data;

import java.util.Arrays;

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
  private final int height;
  private final int stride;
  private final ResizeFilter across;
  private final ResizeFilter down;
  private final long[] redGreen;
  private final int[] blue;

  Bicubic(RgbImage image, int width, int height) {
    this.image = image;
    this.height = height;
    this.stride = Math.multiplyExact(width, CHANNELS);
    this.across = width == image.width() ? null : ResizeFilter.of(image.width(), width);
    this.down = height == image.height() ? null : ResizeFilter.of(image.height(), height);
    this.redGreen = new long[image.width()];
    this.blue = new int[image.width()];
  }

  RgbImage resized() {
    byte[] out = new byte[Math.multiplyExact(stride, height)];
    // Integers, because loops over them alone are vectorised.
    int[][] rows = new int[down == null ? 1 : down.taps()][stride];
    int[] sums = new int[stride];
    int made = 0;
    for (int y = 0; y < height; y++) {
      int first = down == null ? y : down.first(y);
      for (; made < Math.min(image.height(), first + rows.length); made++) {
        row(made, rows[made % rows.length]);
      }
      if (down == null) {
        store(rows[y % rows.length], out, y);
        continue;
      }
      Arrays.fill(sums, ResizeFilter.HALF);
      for (int tap = 0; tap < down.count(y); tap++) {
        add(down.weight(y, tap), rows[(first + tap) % rows.length], sums);
      }
      clip(sums);
      store(sums, out, y);
    }
    return new RgbImage(height, stride / CHANNELS, out);
  }

  private static void add(int weight, int[] row, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weight * row[i];
    }
  }

  private static void clip(int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Math.max(0, Math.min(LARGEST, sums[i] >> ResizeFilter.PRECISION));
    }
  }

  private void store(int[] row, byte[] out, int y) {
    for (int i = 0; i < stride; i++) {
      out[y * stride + i] = (byte) row[i];
    }
  }

  /** Values 0..255 of a row of the image at its new width. */
  private void row(int y, int[] to) {
    byte[] rgb = image.rgb();
    int from = y * image.width() * CHANNELS;
    if (across == null) {
      for (int i = 0; i < stride; i++) {
        to[i] = rgb[from + i] & 0xFF;
      }
      return;
    }
    for (int x = 0; x < redGreen.length; x++) {
      redGreen[x] = rgb[from] & 0xFFL | (rgb[from + 1] & 0xFFL) << 32;
      blue[x] = rgb[from + 2] & 0xFF;
      from += CHANNELS;
    }
    across(to);
  }

  /**
   * Red and green are summed in one product: the upper half of a long holds green, and what a
   * negative sum of red borrows from it is given back at the end.
   */
  private void across(int[] to) {
    // Local, so that the inner loop reads nothing but its three arrays.
    int[] weights = across.weights();
    int taps = across.taps();
    long[] redAndGreen = redGreen;
    int[] blues = blue;
    for (int x = 0; x < stride / CHANNELS; x++) {
      long twoSums = TWO_HALVES;
      int sum = ResizeFilter.HALF;
      int at = x * taps;
      int shift = across.first(x) - at;
      int end = at + across.count(x);
      for (int i = at; i < end; i++) {
        int weight = weights[i];
        twoSums += weight * redAndGreen[i + shift];
        sum += weight * blues[i + shift];
      }
      int red = (int) twoSums;
      int green = (int) (twoSums - red >> Integer.SIZE);
      to[CHANNELS * x] = clipped(red);
      to[CHANNELS * x + 1] = clipped(green);
      to[CHANNELS * x + 2] = clipped(sum);
    }
  }

  private static int clipped(int sum) {
    return Math.max(0, Math.min(LARGEST, sum >> ResizeFilter.PRECISION));
  }
}
