package org.adaptseg.data.image;

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

  /** Grey in three equal channels, 16 bits by their upper 8, without alpha. */
  static RgbImage of(PngRaster raster) {
    int height = raster.height();
    int width = raster.width();
    int channels = raster.channels();
    int sampleBytes = raster.sampleBytes();
    byte[] samples = raster.samples();
    if (channels == 3 && sampleBytes == 1) {
      return new RgbImage(height, width, samples);
    }
    byte[] palette = raster.palette();
    byte[] rgb = new byte[3 * height * width];
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
}
