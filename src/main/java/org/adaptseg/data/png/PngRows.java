package org.adaptseg.data.png;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The rows of a PNG (PNG specification, second edition, §8, §9, §10). */
final class PngRows {
  /** First column and row, and steps to the next ones, of every pass (§8.2). */
  private static final int[][] INTERLACED = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private PngRows() {}

  /**
   * A smaller picture that some of the pixels form.
   *
   * @param rowBytes of a row without its filter's number
   */
  private record Pass(
      int left, int top, int across, int down, int width, int height, int rowBytes) {
    static List<Pass> of(PngHeader header) {
      int[][] kinds = header.interlaced() ? INTERLACED : new int[][] {{0, 0, 1, 1}};
      List<Pass> passes = new ArrayList<>();
      for (int[] kind : kinds) {
        int width = Math.max(0, (header.width() - kind[0] + kind[2] - 1) / kind[2]);
        int height = Math.max(0, (header.height() - kind[1] + kind[3] - 1) / kind[3]);
        if (width > 0 && height > 0) {
          long bits = (long) width * header.channels() * header.bits();
          int rowBytes = Math.toIntExact((bits + 7) / 8);
          passes.add(new Pass(kind[0], kind[1], kind[2], kind[3], width, height, rowBytes));
        }
      }
      return passes;
    }

    int bytes() {
      return Math.multiplyExact(height, rowBytes + 1);
    }
  }

  /**
   * All rows, inflated and without their filters.
   *
   * @return height·width·channels samples of one byte, or of two if they have 16 bits, row-major
   * @throws IOException if the data are damaged or end early
   */
  static byte[] read(PngFile png, PngHeader header) throws IOException {
    int pixelBytes = header.channels() * (header.bits() == 16 ? 2 : 1);
    int stride = Math.multiplyExact(header.width(), pixelBytes);
    byte[] out = new byte[Math.multiplyExact(header.height(), stride)];
    List<Pass> passes = Pass.of(header);
    byte[] filtered = filtered(png, passes);
    int from = 0;
    for (Pass pass : passes) {
      byte[] above = new byte[pass.rowBytes()];
      byte[] row = new byte[pass.rowBytes()];
      for (int y = 0; y < pass.height(); y++) {
        RowFilter.undo(filtered, from, above, row, pixelBytes);
        from += pass.rowBytes() + 1;
        int to = (pass.top() + y * pass.down()) * stride + pass.left() * pixelBytes;
        if (header.bits() < 8) {
          unpack(row, header.bits(), pass, out, to);
        } else if (pass.across() == 1) {
          System.arraycopy(row, 0, out, to, row.length);
        } else {
          spread(row, pixelBytes, pass, out, to);
        }
        byte[] done = row;
        row = above;
        above = done;
      }
    }
    return out;
  }

  /** Samples of less than a byte, of which a pixel has one; the first is the highest. */
  private static void unpack(byte[] row, int bits, Pass pass, byte[] out, int to) {
    int mask = (1 << bits) - 1;
    for (int x = 0; x < pass.width(); x++) {
      int at = x * bits;
      out[to + x * pass.across()] = (byte) (row[at >> 3] >> 8 - bits - (at & 7) & mask);
    }
  }

  private static void spread(byte[] row, int pixelBytes, Pass pass, byte[] out, int to) {
    int step = pass.across() * pixelBytes;
    for (int x = 0; x < pass.width(); x++) {
      for (int i = 0; i < pixelBytes; i++) {
        out[to + x * step + i] = row[x * pixelBytes + i];
      }
    }
  }

  /** The rows with their filters' numbers. */
  private static byte[] filtered(PngFile png, List<Pass> passes) throws IOException {
    int bytes = 0;
    for (Pass pass : passes) {
      bytes = Math.addExact(bytes, pass.bytes());
    }
    byte[] rows = new byte[bytes];
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
      throw endsIn(passes, inflated);
    }
    return rows;
  }

  private static IOException endsIn(List<Pass> passes, int inflated) {
    int left = inflated;
    int read = 0;
    int all = 0;
    for (Pass pass : passes) {
      read += Math.min(pass.height(), left / (pass.rowBytes() + 1));
      left = Math.max(0, left - pass.bytes());
      all += pass.height();
    }
    return new IOException(
        String.format(Locale.ROOT, "data that end in row %d of %d", read + 1, all));
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
