package org.adaptseg.data.image;

import java.io.IOException;
import org.adaptseg.data.png.PngRaster;

/**
 * Decoded 8-bit pixels, before any arithmetic.
 *
 * @param height in pixels, at least 1
 * @param width in pixels, at least 1
 * @param rgb height·width·3 values, row-major, interleaved R, G, B; not copied
 */
public record RgbImage(int height, int width, byte[] rgb) {
  public RgbImage {
    Shapes.check("RGB image", height, width, 3, rgb.length);
  }

  /**
   * Pixels as Pillow's {@code convert("RGB")} gives them: grey in three equal channels, stretched
   * to 0..255 if it has fewer bits; 16 bits a channel by their upper 8; without alpha.
   *
   * @throws IOException of 16 bits of grey, which Pillow cuts off at 255 and other programs divide
   */
  static RgbImage of(PngRaster raster) throws IOException {
    int height = raster.height();
    int width = raster.width();
    int channels = raster.channels();
    byte[] samples = raster.samples();
    if (channels == 1 && raster.bits() == 16) {
      throw new IOException("a grey picture of 16 bits, whose white is not known; 8 bits are read");
    }
    if (channels == 3 && raster.bits() == 8) {
      return new RgbImage(height, width, samples);
    }
    byte[] palette = raster.palette();
    byte[] rgb = new byte[3 * height * width];
    if (palette == null && channels == 1) {
      stretch(samples, 255 / ((1 << raster.bits()) - 1), rgb);
      return new RgbImage(height, width, rgb);
    }
    int sampleBytes = raster.sampleBytes();
    int from = 0;
    for (int to = 0; to < rgb.length; to += 3) {
      for (int c = 0; c < 3; c++) {
        rgb[to + c] =
            palette != null
                ? palette[3 * (samples[from] & 0xFF) + c]
                : samples[from + (channels < 3 ? 0 : c * sampleBytes)];
      }
      from += channels * sampleBytes;
    }
    return new RgbImage(height, width, rgb);
  }

  private static void stretch(byte[] samples, int factor, byte[] rgb) {
    int to = 0;
    for (byte sample : samples) {
      byte value = (byte) (sample * factor);
      rgb[to++] = value;
      rgb[to++] = value;
      rgb[to++] = value;
    }
  }
}
