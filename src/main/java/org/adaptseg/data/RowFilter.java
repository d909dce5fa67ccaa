package org.adaptseg.data;

import java.io.IOException;

/**
 * The filters of PNG rows (PNG specification, second edition, §9). The row above stands in an array
 * of its own: only of arrays that cannot be the same does the compiler add whole vectors of bytes.
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
    int from = at + 1;
    switch (filter) {
      case 0 -> System.arraycopy(filtered, from, row, 0, row.length);
      case 1 -> sub(filtered, from, row, pixelBytes);
      case 2 -> up(filtered, from, above, row);
      case 3 -> average(filtered, from, above, row, pixelBytes);
      case 4 -> {
        if (pixelBytes == 3) {
          paethOfThree(filtered, from, above, row);
        } else {
          paeth(filtered, from, above, row, pixelBytes);
        }
      }
      default -> throw new IOException("a row with the unknown filter " + (filter & 0xFF));
    }
  }

  private static void up(byte[] filtered, int from, byte[] above, byte[] row) {
    for (int i = 0; i < row.length; i++) {
      row[i] = (byte) (filtered[from + i] + above[i]);
    }
  }

  // Channel by channel, so that the left neighbour stays in a register.

  private static void sub(byte[] filtered, int from, byte[] row, int pixel) {
    for (int channel = 0; channel < pixel; channel++) {
      byte left = 0;
      for (int i = channel; i < row.length; i += pixel) {
        left += filtered[from + i];
        row[i] = left;
      }
    }
  }

  private static void average(byte[] filtered, int from, byte[] above, byte[] row, int pixel) {
    for (int channel = 0; channel < pixel; channel++) {
      int left = 0;
      for (int i = channel; i < row.length; i += pixel) {
        left = filtered[from + i] + (left + (above[i] & 0xFF) >> 1) & 0xFF;
        row[i] = (byte) left;
      }
    }
  }

  private static void paeth(byte[] filtered, int from, byte[] above, byte[] row, int pixel) {
    for (int channel = 0; channel < pixel; channel++) {
      int left = 0;
      int corner = 0;
      for (int i = channel; i < row.length; i += pixel) {
        int over = above[i] & 0xFF;
        left = filtered[from + i] + predicted(left, over, corner) & 0xFF;
        corner = over;
        row[i] = (byte) left;
      }
    }
  }

  /** As {@link #paeth} for pixels of three bytes, with the neighbours in registers. */
  private static void paethOfThree(byte[] filtered, int from, byte[] above, byte[] row) {
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
      left0 = filtered[from + i] + predicted(left0, up0, corner0) & 0xFF;
      left1 = filtered[from + i + 1] + predicted(left1, up1, corner1) & 0xFF;
      left2 = filtered[from + i + 2] + predicted(left2, up2, corner2) & 0xFF;
      corner0 = up0;
      corner1 = up1;
      corner2 = up2;
      row[i] = (byte) left0;
      row[i + 1] = (byte) left1;
      row[i + 2] = (byte) left2;
    }
  }

  /** Paeth's predictor: which of the three is nearest to left + up - corner. */
  private static int predicted(int left, int up, int corner) {
    int toLeft = Math.abs(up - corner);
    int toUp = Math.abs(left - corner);
    int toCorner = Math.abs(left + up - 2 * corner);
    int nearer = toUp <= toCorner ? up : corner;
    return toLeft <= toUp && toLeft <= toCorner ? left : nearer;
  }
}
