package org.adaptseg.engine.host;

/**
 * Where the pixels along one side of an image lie between the logits along one side of a map.
 *
 * @param cells for each pixel the logit before it; where there are two, never the last
 * @param shares for each pixel how far it is on its way to the next logit, 0 to 1
 */
public record PixelPlaces(int[] cells, float[] shares) {
  /** Of so many pixels, at no place yet. */
  PixelPlaces(int pixels) {
    this(new int[pixels], new float[pixels]);
  }

  /**
   * Puts a pixel.
   *
   * @param place from 0, the first logit, to map − 1, the last
   * @param map how many logits there are
   */
  void put(int pixel, double place, int map) {
    cells[pixel] = Math.max(0, Math.min((int) place, map - 2));
    shares[pixel] = (float) (place - cells[pixel]);
  }
}
