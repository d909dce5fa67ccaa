package org.adaptseg.data.image;

import org.adaptseg.data.png.PngRaster;

/**
 * Label values as a file stores them, before the label map.
 *
 * @param height in pixels, at least 1
 * @param width in pixels, at least 1
 * @param values height·width values 0..65535, row-major; not copied
 */
public record RawLabels(int height, int width, char[] values) {
  public RawLabels {
    Shapes.check("label raster", height, width, 1, values.length);
  }

  /** Palette indices, grey values, or the first of several channels. */
  static RawLabels of(PngRaster raster) {
    byte[] samples = raster.samples();
    int step = raster.channels() * raster.sampleBytes();
    char[] values = new char[raster.height() * raster.width()];
    int from = 0;
    for (int i = 0; i < values.length; i++) {
      int value = samples[from] & 0xFF;
      values[i] =
          (char) (raster.sampleBytes() == 1 ? value : value << 8 | samples[from + 1] & 0xFF);
      from += step;
    }
    return new RawLabels(raster.height(), raster.width(), values);
  }
}
