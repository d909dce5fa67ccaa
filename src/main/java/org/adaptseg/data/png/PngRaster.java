package org.adaptseg.data.png;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The samples of a PNG file with 8 or 16 bits a sample and without interlacing (PNG specification,
 * second edition, §4 and §11.2), which is what datasets consist of. Java's own reader takes several
 * times as long for the same and serves the other kinds.
 *
 * @param channels samples a pixel: 1 (grey or palette), 2 (grey, alpha), 3 (R, G, B) or 4
 * @param sampleBytes 1 or 2, the upper byte first
 * @param palette 3 bytes R, G, B for each of 256 indices, black where the file has none; null
 *     without a palette
 * @param samples height·width·channels·sampleBytes bytes, row-major
 */
public record PngRaster(
    int height, int width, int channels, int sampleBytes, byte[] palette, byte[] samples) {
  private static final int HEADER_BYTES = 13;
  private static final int PALETTE_BYTES = 3 * 256;
  private static final int PALETTE_TYPE = 3;

  /**
   * Reads the samples.
   *
   * @param maxPixels the largest width·height
   * @return nothing for a file that is interlaced or has less than 8 bits a sample
   * @throws IOException if the file is damaged, ends early or has too many pixels; the message says
   *     what was found
   */
  public static Optional<PngRaster> read(PngFile png, long maxPixels) throws IOException {
    PngFile.Chunk first = png.essential().isEmpty() ? null : png.essential().get(0);
    if (first == null || first.type() != PngFile.Type.IHDR || first.length() != HEADER_BYTES) {
      throw new IOException("a PNG whose first chunk is no header");
    }
    ByteBuffer header = ByteBuffer.wrap(png.bytes(), first.at(), HEADER_BYTES);
    int width = header.getInt();
    int height = header.getInt();
    int bits = header.get();
    int type = header.get();
    int channels = channels(type);
    int compression = header.get();
    int filtering = header.get();
    int interlacing = header.get();
    if (compression != 0 || filtering != 0 || interlacing < 0 || interlacing > 1 || channels == 0) {
      throw new IOException("a PNG header of no known kind");
    }
    if (width < 1 || height < 1 || (long) width * height > maxPixels) {
      throw new IOException("a header that states " + width + "x" + height);
    }
    if (interlacing != 0 || (bits != 8 && bits != 16) || (type == PALETTE_TYPE && bits != 8)) {
      return Optional.empty();
    }
    byte[] palette = type == PALETTE_TYPE ? palette(png) : null;
    int sampleBytes = bits / 8;
    byte[] samples = PngRows.read(png, height, width, channels * sampleBytes);
    return Optional.of(new PngRaster(height, width, channels, sampleBytes, palette, samples));
  }

  private static int channels(int colourType) {
    return switch (colourType) {
      case 0, PALETTE_TYPE -> 1;
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 0;
    };
  }

  private static byte[] palette(PngFile png) throws IOException {
    for (PngFile.Chunk chunk : png.essential()) {
      if (chunk.type() == PngFile.Type.PLTE && chunk.length() <= PALETTE_BYTES) {
        byte[] palette = new byte[PALETTE_BYTES];
        System.arraycopy(png.bytes(), chunk.at(), palette, 0, chunk.length());
        return palette;
      }
    }
    throw new IOException("a PNG of palette indices without its palette");
  }
}
