package org.adaptseg.data.png;

import java.io.IOException;

/**
 * The samples of a PNG file (PNG specification, second edition, §4 and §11.2), as they are stored.
 *
 * @param channels samples a pixel: 1 (grey or palette), 2 (grey, alpha), 3 (R, G, B) or 4
 * @param bits a sample: 1, 2, 4, 8 or 16
 * @param palette 3 bytes R, G, B for each of 256 indices; those that the file lacks are greys of
 *     their index, as in Pillow. Null without a palette
 * @param samples height·width·channels samples, row-major; of two bytes, the upper one first, where
 *     {@code bits} is 16, and of one byte otherwise
 */
public record PngRaster(
    int height, int width, int channels, int bits, byte[] palette, byte[] samples) {
  private static final int PALETTE_ENTRIES = 256;

  /**
   * Reads the samples.
   *
   * @param maxPixels the largest width·height
   * @throws IOException if the file is damaged, ends early or has too many pixels; the message says
   *     what was found
   */
  public static PngRaster read(PngFile png, long maxPixels) throws IOException {
    PngHeader header = PngHeader.of(png.bytes());
    if ((long) header.width() * header.height() > maxPixels) {
      throw new IOException(PngHeader.tooLarge(header.width(), header.height(), maxPixels));
    }
    byte[] palette = header.kind() == PngHeader.PALETTE ? palette(png) : null;
    byte[] samples = PngRows.read(png, header);
    return new PngRaster(
        header.height(), header.width(), header.channels(), header.bits(), palette, samples);
  }

  /** Bytes that a sample takes. */
  public int sampleBytes() {
    return bits == 16 ? 2 : 1;
  }

  private static byte[] palette(PngFile png) throws IOException {
    byte[] palette = null;
    for (PngFile.Chunk chunk : png.essential()) {
      if (chunk.type() == PngFile.Type.IDAT) {
        break;
      }
      if (chunk.type() == PngFile.Type.PLTE) {
        if (palette != null
            || chunk.length() > 3 * PALETTE_ENTRIES
            || chunk.length() % 3 != 0
            || chunk.length() == 0) {
          throw new IOException("a PNG whose palette makes no sense");
        }
        palette = new byte[3 * PALETTE_ENTRIES];
        for (int i = 0; i < palette.length; i++) {
          palette[i] = i < chunk.length() ? png.bytes()[chunk.at() + i] : (byte) (i / 3);
        }
      }
    }
    if (palette == null) {
      throw new IOException("a PNG of palette indices without its palette");
    }
    return palette;
  }
}
