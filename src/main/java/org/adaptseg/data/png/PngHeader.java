package org.adaptseg.data.png;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * The header of a PNG file (PNG specification, second edition, §11.2.2).
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 * @param bits a sample: 1, 2, 4, 8 or 16
 * @param kind the colour type, one that these bits go with
 * @param interlaced whether the pixels come in seven passes
 */
public record PngHeader(int width, int height, int bits, int kind, boolean interlaced) {
  /** Signature, length, type and data of the first chunk: what {@link #of(byte[])} needs. */
  public static final int BYTES = 29;

  static final int PALETTE = 3;

  private static final int DATA_AT = 16;
  private static final int DATA_BYTES = 13;
  private static final int NAME = 0x49484452; // IHDR

  /**
   * Reads the header at the begin of a file.
   *
   * @param file begins with the signature
   * @throws IOException if there is none, or it makes no sense
   */
  public static PngHeader of(byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    if (file.length < BYTES || bytes.getInt(8) != DATA_BYTES || bytes.getInt(12) != NAME) {
      throw new IOException("a PNG whose first chunk is not a header");
    }
    bytes.position(DATA_AT);
    int width = bytes.getInt();
    int height = bytes.getInt();
    int bits = bytes.get();
    int kind = bytes.get();
    int compression = bytes.get();
    int filtering = bytes.get();
    int interlacing = bytes.get();
    if (compression != 0
        || filtering != 0
        || interlacing < 0
        || interlacing > 1
        || !goTogether(kind, bits)) {
      throw new IOException("a PNG header of no known kind");
    }
    if (width < 1 || height < 1) {
      throw new IOException("a header that states " + width + "x" + height);
    }
    return new PngHeader(width, height, bits, kind, interlacing == 1);
  }

  /**
   * What is wrong with an image of too many pixels.
   *
   * @param maxPixels the most that are allowed
   */
  public static String tooLarge(int width, int height, long maxPixels) {
    return String.format(
        Locale.ROOT,
        "a header that states %dx%d, where data.max-pixels allows %d pixels",
        width,
        height,
        maxPixels);
  }

  private static boolean goTogether(int kind, int bits) {
    return switch (kind) {
      case 0 -> bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
      case PALETTE -> bits == 1 || bits == 2 || bits == 4 || bits == 8;
      case 2, 4, 6 -> bits == 8 || bits == 16;
      default -> false;
    };
  }

  /** Samples a pixel. */
  int channels() {
    return switch (kind) {
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 1;
    };
  }
}
