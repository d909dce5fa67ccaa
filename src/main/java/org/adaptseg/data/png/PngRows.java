package org.adaptseg.data.png;

import java.io.IOException;
import java.util.List;

/** The rows of a PNG (PNG specification, second edition, §9, §10). */
final class PngRows {
  private PngRows() {}

  /**
   * All rows, inflated and without their filters.
   *
   * @param pixelBytes bytes a pixel, 1 to 8
   * @return height·width·pixelBytes bytes, row-major
   * @throws IOException if the data are damaged or end early
   */
  static byte[] read(PngFile png, int height, int width, int pixelBytes) throws IOException {
    int stride = Math.multiplyExact(width, pixelBytes);
    byte[] out = new byte[Math.multiplyExact(height, stride)];
    byte[] filtered = filtered(png, height, stride + 1);
    byte[] above = new byte[stride];
    byte[] row = new byte[stride];
    for (int y = 0; y < height; y++) {
      RowFilter.undo(filtered, y * (stride + 1), above, row, pixelBytes);
      System.arraycopy(row, 0, out, y * stride, stride);
      byte[] done = row;
      row = above;
      above = done;
    }
    return out;
  }

  /** The rows with their filters' numbers. */
  private static byte[] filtered(PngFile png, int height, int stride) throws IOException {
    byte[] rows = new byte[Math.multiplyExact(height, stride)];
    List<PngFile.Chunk> chunks =
        png.essential().stream().filter(c -> c.type() == PngFile.Type.IDAT).toList();
    int inflated;
    if (chunks.size() == 1) {
      inflated = Inflate.zlib(png.bytes(), chunks.get(0).at(), chunks.get(0).length(), rows);
    } else {
      byte[] stream = joined(png, chunks);
      inflated = Inflate.zlib(stream, 0, stream.length, rows);
    }
    if (inflated < rows.length) {
      throw new IOException(
          "data that end in row %d of %d".formatted(inflated / stride + 1, height));
    }
    return rows;
  }

  private static byte[] joined(PngFile png, List<PngFile.Chunk> chunks) {
    // Chunks do not overlap, so together they are no longer than the file.
    byte[] stream = new byte[chunks.stream().mapToInt(PngFile.Chunk::length).sum()];
    int to = 0;
    for (PngFile.Chunk chunk : chunks) {
      System.arraycopy(png.bytes(), chunk.at(), stream, to, chunk.length());
      to += chunk.length();
    }
    return stream;
  }
}
