package org.adaptseg.data;

import java.io.IOException;
import java.util.Iterator;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates a PNG's rows and takes their filters off (PNG specification, second edition, §9, §10).
 */
final class PngRows {
  /** Stays in the processor's cache between inflating and filtering. */
  private static final int BUFFER = 1 << 16;

  private final PngFile png;
  private final Iterator<PngFile.Chunk> data;
  private final Inflater inflater;
  private final byte[] buffer;
  private int begin;
  private int end;

  private PngRows(PngFile png, Inflater inflater, int row) {
    this.png = png;
    this.inflater = inflater;
    this.data = png.essential().stream().filter(c -> c.type() == PngFile.Type.IDAT).iterator();
    this.buffer = new byte[Math.max(BUFFER, row)];
  }

  /**
   * All rows.
   *
   * @param pixelBytes bytes a pixel, 1 to 8
   * @return height·width·pixelBytes bytes, row-major
   * @throws IOException if the data are damaged or end early
   */
  static byte[] read(PngFile png, int height, int width, int pixelBytes) throws IOException {
    int stride = Math.multiplyExact(width, pixelBytes);
    byte[] out = new byte[Math.multiplyExact(height, stride)];
    Inflater inflater = new Inflater();
    try {
      PngRows rows = new PngRows(png, inflater, stride + 1);
      byte[] zeros = new byte[stride];
      for (int y = 0; y < height; y++) {
        rows.require(stride + 1, y, height);
        int to = y * stride;
        byte[] above = y == 0 ? zeros : out;
        rows.unfilter(out, to, above, y == 0 ? 0 : to - stride, stride, pixelBytes);
      }
      return out;
    } catch (DataFormatException e) {
      throw new IOException("damaged compressed data: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }

  /** Makes the next bytes stand at {@link #begin}. */
  private void require(int bytes, int y, int height) throws IOException, DataFormatException {
    if (end - begin >= bytes) {
      return;
    }
    System.arraycopy(buffer, begin, buffer, 0, end - begin);
    end -= begin;
    begin = 0;
    while (end < bytes) {
      int read = inflater.inflate(buffer, end, buffer.length - end);
      end += read;
      if (read == 0) {
        if (!inflater.needsInput() || inflater.finished() || !data.hasNext()) {
          throw new IOException("data that end in row %d of %d".formatted(y + 1, height));
        }
        PngFile.Chunk chunk = data.next();
        inflater.setInput(png.bytes(), chunk.at(), chunk.length());
      }
    }
  }

  private void unfilter(byte[] out, int to, byte[] above, int up, int stride, int pixel)
      throws IOException {
    int filter = buffer[begin];
    int from = begin + 1;
    switch (filter) {
      case 0 -> System.arraycopy(buffer, from, out, to, stride);
      case 1 -> sub(from, out, to, stride, pixel);
      case 2 -> {
        for (int i = 0; i < stride; i++) {
          out[to + i] = (byte) (buffer[from + i] + above[up + i]);
        }
      }
      case 3 -> average(from, out, to, above, up, stride, pixel);
      case 4 -> {
        if (pixel == 3) {
          paethOfThree(from, out, to, above, up, stride);
        } else {
          paeth(from, out, to, above, up, stride, pixel);
        }
      }
      default -> throw new IOException("a row with the unknown filter " + (filter & 0xFF));
    }
    begin += stride + 1;
  }

  // Channel by channel, so that the left neighbour stays in a register.

  private void sub(int from, byte[] out, int to, int stride, int pixel) {
    for (int channel = 0; channel < pixel; channel++) {
      byte left = 0;
      for (int i = channel; i < stride; i += pixel) {
        left += buffer[from + i];
        out[to + i] = left;
      }
    }
  }

  private void average(int from, byte[] out, int to, byte[] above, int up, int stride, int pixel) {
    for (int channel = 0; channel < pixel; channel++) {
      int left = 0;
      for (int i = channel; i < stride; i += pixel) {
        left = buffer[from + i] + (left + (above[up + i] & 0xFF) >> 1) & 0xFF;
        out[to + i] = (byte) left;
      }
    }
  }

  private void paeth(int from, byte[] out, int to, byte[] above, int up, int stride, int pixel) {
    for (int channel = 0; channel < pixel; channel++) {
      int left = 0;
      int corner = 0;
      for (int i = channel; i < stride; i += pixel) {
        int over = above[up + i] & 0xFF;
        left = buffer[from + i] + predicted(left, over, corner) & 0xFF;
        corner = over;
        out[to + i] = (byte) left;
      }
    }
  }

  /** As {@link #paeth} for pixels of three bytes, with the neighbours in registers. */
  private void paethOfThree(int from, byte[] out, int to, byte[] above, int up, int stride) {
    int left0 = 0;
    int left1 = 0;
    int left2 = 0;
    int corner0 = 0;
    int corner1 = 0;
    int corner2 = 0;
    for (int i = 0; i < stride; i += 3) {
      int up0 = above[up + i] & 0xFF;
      int up1 = above[up + i + 1] & 0xFF;
      int up2 = above[up + i + 2] & 0xFF;
      left0 = buffer[from + i] + predicted(left0, up0, corner0) & 0xFF;
      left1 = buffer[from + i + 1] + predicted(left1, up1, corner1) & 0xFF;
      left2 = buffer[from + i + 2] + predicted(left2, up2, corner2) & 0xFF;
      corner0 = up0;
      corner1 = up1;
      corner2 = up2;
      out[to + i] = (byte) left0;
      out[to + i + 1] = (byte) left1;
      out[to + i + 2] = (byte) left2;
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
