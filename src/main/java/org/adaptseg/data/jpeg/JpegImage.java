package org.adaptseg.data.jpeg;

/**
 * A decoded JPEG.
 *
 * @param height in pixels, at least 1
 * @param width in pixels, at least 1
 * @param rgb 3·height·width bytes R, G, B, row-major; not copied
 */
public record JpegImage(int height, int width, byte[] rgb) {}
