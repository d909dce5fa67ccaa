package org.adaptseg.data.streets;

import org.adaptseg.data.random.SplitMix64;

/**
 * A drawn street.
 *
 * @param height in pixels
 * @param width in pixels
 * @param rgb height·width·3 pixels, interleaved R, G, B
 * @param classes height·width ordinals of {@link StreetClass}
 */
public record StreetImage(int height, int width, byte[] rgb, byte[] classes) {
  /** The smallest side that is drawn, in pixels. */
  public static final int MIN_SIDE = 16;

  /**
   * Draws street number {@code index} of a seed.
   *
   * @param appearance how it looks; the layout does not depend on it
   * @param width in pixels, at least {@link #MIN_SIDE}
   * @param height in pixels, at least {@link #MIN_SIDE}
   */
  public static StreetImage draw(
      Appearance appearance, long seed, long index, int width, int height) {
    SceneRaster raster = layout(seed, index, width, height);
    byte[] rgb = new StreetPainter(appearance, SplitMix64.hash(seed, index, 1)).paint(raster);
    return new StreetImage(height, width, rgb, raster.classes);
  }

  /**
   * The classes alone of the street that {@link #draw} draws, which take a fraction of the time.
   *
   * @return height·width ordinals of {@link StreetClass}
   */
  public static byte[] drawClasses(long seed, long index, int width, int height) {
    return layout(seed, index, width, height).classes;
  }

  private static SceneRaster layout(long seed, long index, int width, int height) {
    if (width < MIN_SIDE || height < MIN_SIDE) {
      throw new IllegalArgumentException(
          "Cannot draw a street: expected at least "
              + MIN_SIDE
              + "x"
              + MIN_SIDE
              + " pixels, found "
              + width
              + "x"
              + height);
    }
    return SceneRaster.draw(StreetScene.sample(seed, index), width, height);
  }
}
