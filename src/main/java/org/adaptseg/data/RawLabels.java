package org.adaptseg.data;

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
}
