package org.adaptseg.data.png;

import java.io.IOException;

/**
 * The filters of PNG rows (PNG specification, second edition, §9). The row above stands in an array
 * of its own: only where the arrays cannot be the same does the compiler add whole vectors of
 * bytes.
 */
final class RowFilter {
  private RowFilter() {}

  /**
   * Takes a row's filter off.
   *
   * @param filtered holds the filter's number at {@code at} and the row's bytes behind it
   * @param above the samples of the row above, zeros for the first row; not written to
   * @param row receives the samples; as long as a row, and not {@code above}
   * @param pixelBytes bytes a pixel, 1 to 8
   * @throws IOException if there is no such filter
   */
  static void undo(byte[] filtered, int at, byte[] above, byte[] row, int pixelBytes)
      throws IOException {
    int filter = filtered[at];
    System.arraycopy(filtered, at + 1, row, 0, row.length);
    boolean three = pixelBytes == 3;
    switch (filter) {
      case 0 -> {}
      case 1 -> {
        if (three) {
          subOfThree(filtered, at + 1, row);
        } else {
          sub(filtered, at + 1, row, pixelBytes);
        }
      }
      case 2 -> up(above, row);
      case 3 -> {
        if (three) {
          averageOfThree(above, row);
        } else {
          average(above, row, pixelBytes);
        }
      }
      case 4 -> {
        if (three) {
          paethOfThree(above, row);
        } else {
          paeth(above, row, pixelBytes);
        }
      }
      default -> throw new IOException("a row with the unknown filter " + (filter & 0xFF));
    }
  }

  private static void up(byte[] above, byte[] row) {
    for (int i = 0; i < row.length; i++) {
      row[i] += above[i];
    }
  }

  // Channel by channel, so that the left neighbour stays in a register; pixels of three bytes,
  // which
  // most images have, with all three of them there.

  // These two read what they do not write: in place, loads would wait for the stores before them.

  private static void sub(byte[] filtered, int from, byte[] row, int pixel) {
    for (int channel = 0; channel < pixel; channel++) {
      byte left = 0;
      for (int i = channel; i < row.length; i += pixel) {
        left += filtered[from + i];
        row[i] = left;
      }
    }
  }

  private static void subOfThree(byte[] filtered, int from, byte[] row) {
    byte left0 = 0;
    byte left1 = 0;
    byte left2 = 0;
    for (int i = 0; i < row.length; i += 3) {
      left0 += filtered[from + i];
      left1 += filtered[from + i + 1];
      left2 += filtered[from + i + 2];
      row[i] = left0;
      row[i + 1] = left1;
      row[i + 2] = left2;
    }
  }

  private static void average(byte[] above, byte[] row, int pixel) {
    for (int channel = 0; channel < pixel; channel++) {
      int left = 0;
      for (int i = channel; i < row.length; i += pixel) {
        left = row[i] + (left + (above[i] & 0xFF) >> 1) & 0xFF;
        row[i] = (byte) left;
      }
    }
  }

  private static void averageOfThree(byte[] above, byte[] row) {
    int left0 = 0;
    int left1 = 0;
    int left2 = 0;
    for (int i = 0; i < row.length; i += 3) {
      left0 = row[i] + (left0 + (above[i] & 0xFF) >> 1) & 0xFF;
      left1 = row[i + 1] + (left1 + (above[i + 1] & 0xFF) >> 1) & 0xFF;
      left2 = row[i + 2] + (left2 + (above[i + 2] & 0xFF) >> 1) & 0xFF;
      row[i] = (byte) left0;
      row[i + 1] = (byte) left1;
      row[i + 2] = (byte) left2;
    }
  }

  /** Of labels, most neighbours are equal; those the processor predicts, and need not wait for. */
  private static void paeth(byte[] above, byte[] row, int pixel) {
    for (int channel = 0; channel < pixel; channel++) {
      int left = 0;
      int corner = 0;
      for (int i = channel; i < row.length; i += pixel) {
        int up = above[i] & 0xFF;
        if (left == corner) {
          left = row[i] + up & 0xFF;
        } else if (up == corner) {
          left = row[i] + left & 0xFF;
        } else {
          left = row[i] + predicted(left, up, corner) & 0xFF;
        }
        corner = up;
        row[i] = (byte) left;
      }
    }
  }

  private static void paethOfThree(byte[] above, byte[] row) {
    int left0 = 0;
    int left1 = 0;
    int left2 = 0;
    int corner0 = 0;
    int corner1 = 0;
    int corner2 = 0;
    for (int i = 0; i < row.length; i += 3) {
      int up0 = above[i] & 0xFF;
      int up1 = above[i + 1] & 0xFF;
      int up2 = above[i + 2] & 0xFF;
      left0 = row[i] + predicted(left0, up0, corner0) & 0xFF;
      left1 = row[i + 1] + predicted(left1, up1, corner1) & 0xFF;
      left2 = row[i + 2] + predicted(left2, up2, corner2) & 0xFF;
      corner0 = up0;
      corner1 = up1;
      corner2 = up2;
      row[i] = (byte) left0;
      row[i + 1] = (byte) left1;
      row[i + 2] = (byte) left2;
    }
  }

  /**
   * Paeth's predictor: which of the three is nearest to left + up - corner, the first of equals.
   * With low and high the smaller and the larger of left and up, and the bound 3·corner - left -
   * up, that is low where high ≤ bound, high where bound ≤ low, and corner between: found without
   * branches, which no processor could predict in noise.
   */
  static int predicted(int left, int up, int corner) {
    int bound = 3 * corner - left - up;
    int difference = left - up;
    int negative = difference & difference >> 31;
    int low = up + negative;
    int high = left - negative;
    int whereLow = high - bound - 1 >> 31;
    int whereHigh = bound - low - 1 >> 31;
    return corner + (low - corner & whereLow) + (high - corner & whereHigh);
  }
}
