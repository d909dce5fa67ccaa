package org.adaptseg.data;

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
}
