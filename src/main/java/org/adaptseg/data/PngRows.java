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
      byte[] above = new byte[stride];
      byte[] row = new byte[stride];
      for (int y = 0; y < height; y++) {
        rows.require(stride + 1, y, height);
        RowFilter.undo(rows.buffer, rows.begin, above, row, pixelBytes);
        rows.begin += stride + 1;
        System.arraycopy(row, 0, out, y * stride, stride);
        byte[] done = row;
        row = above;
        above = done;
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
}
