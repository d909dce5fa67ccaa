package org.adaptseg.data.jpeg;

import java.util.Arrays;

/**
 * Rows of a component at the picture's full size. Where one of the factors is two and the other one
 * or two, samples are weighed three to one with their neighbours' and rounded up and down in turns,
 * so that no direction is preferred; samples of other factors are repeated. That, and the places
 * where neighbours are lacking, is as libjpeg-turbo has it by default.
 *
 * <p>Loops are short, over whole arrays of integers and without branches: so they are compiled for
 * vector units.
 */
final class ChromaUpsampling {
  /** Narrower components are repeated. */
  private static final int NARROWEST = 3;

  /** Rows that are kept as integers: one and those above and below it. */
  private static final int KEPT = 3;

  private final Component component;
  private final int across;
  private final int down;
  private final boolean smooth;
  private final int[] row;
  private final int[][] kept = new int[KEPT][];
  private final int[] keptRow = new int[KEPT];
  private final int[] sums;
  private final int[] neighbours;
  private final int[] even;
  private final int[] odd;

  /**
   * @param across horizontal factor, the largest of the frame by the component's
   * @param down vertical factor
   */
  ChromaUpsampling(Component component, int across, int down) {
    this.component = component;
    this.across = across;
    this.down = down;
    this.smooth =
        across == 1 ? down == 2 : across == 2 && down <= 2 && component.width >= NARROWEST;
    int width = component.width;
    this.row = new int[width * across];
    this.sums = new int[smooth ? width : 0];
    this.neighbours = new int[smooth ? width : 0];
    this.even = new int[smooth ? width : 0];
    this.odd = new int[smooth ? width : 0];
    for (int i = 0; i < KEPT; i++) {
      kept[i] = new int[width];
    }
    Arrays.fill(keptRow, -1);
  }

  /** Samples 0..255 of row y, in an array that the next call overwrites; some may follow them. */
  int[] row(int y) {
    int[] here = integers(y / down);
    if (across == 1 && !smooth) {
      return here;
    }
    if (!smooth) {
      repeat(here);
    } else if (down == 1) {
      horizontally(here);
    } else {
      // The rows above the first and below the last are taken to be like these.
      int other = y / 2 + (y % 2 == 0 ? -1 : 1);
      int[] there = integers(Math.max(0, Math.min(component.height - 1, other)));
      if (across == 1) {
        vertically(here, there, 1 + y % 2, row);
      } else {
        both(here, there);
      }
    }
    return row;
  }

  private int[] integers(int y) {
    int[] values = kept[y % KEPT];
    if (keptRow[y % KEPT] != y) {
      byte[] samples = component.samples;
      int at = y * component.stride();
      for (int x = 0; x < values.length; x++) {
        values[x] = samples[at + x] & 0xFF;
      }
      keptRow[y % KEPT] = y;
    }
    return values;
  }

  private void repeat(int[] here) {
    int to = 0;
    for (int value : here) {
      for (int i = 0; i < across; i++) {
        row[to++] = value;
      }
    }
  }

  private static void vertically(int[] here, int[] there, int round, int[] row) {
    for (int x = 0; x < row.length; x++) {
      row[x] = here[x] * 3 + there[x] + round >> 2;
    }
  }

  private void horizontally(int[] here) {
    weigh(here, 1, 2, 2);
    int last = here.length - 1;
    even[0] = here[0];
    odd[last] = here[last];
    interleave(even, odd, row);
  }

  private void both(int[] here, int[] there) {
    add(here, there, sums);
    weigh(sums, 8, 7, 4);
    int last = sums.length - 1;
    even[0] = sums[0] * 4 + 8 >> 4;
    odd[last] = sums[last] * 4 + 7 >> 4;
    interleave(even, odd, row);
  }

  private static void add(int[] here, int[] there, int[] sums) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] = here[x] * 3 + there[x];
    }
  }

  /** What stands to the left and to the right of every value's middle, but for the two ends. */
  private void weigh(int[] in, int evenRound, int oddRound, int shift) {
    // Loops that read from two places of one array are not compiled for vector units.
    System.arraycopy(in, 0, neighbours, 1, in.length - 1);
    weigh(in, neighbours, evenRound, shift, even);
    System.arraycopy(in, 1, neighbours, 0, in.length - 1);
    weigh(in, neighbours, oddRound, shift, odd);
  }

  private static void weigh(int[] in, int[] neighbours, int round, int shift, int[] out) {
    for (int x = 0; x < out.length; x++) {
      out[x] = in[x] * 3 + neighbours[x] + round >> shift;
    }
  }

  private static void interleave(int[] even, int[] odd, int[] row) {
    for (int x = 0; x < even.length; x++) {
      row[2 * x] = even[x];
      row[2 * x + 1] = odd[x];
    }
  }
}
