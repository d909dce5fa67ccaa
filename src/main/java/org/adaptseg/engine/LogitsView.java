package org.adaptseg.engine;

import java.util.List;

/**
 * One look at an image: logits of windows that cover it at one scale, and maybe of windows that
 * cover its mirror image.
 *
 * @param height of the image at this scale
 * @param width of the image at this scale
 * @param upright windows that cover the image, at least one
 * @param mirrored windows that cover the image mirrored from left to right; none where it was not
 *     looked at
 */
public record LogitsView(int height, int width, List<Window> upright, List<Window> mirrored) {
  public LogitsView {
    upright = List.copyOf(upright);
    mirrored = List.copyOf(mirrored);
  }

  /**
   * Logits of a window.
   *
   * @param y first row of the window in the image at its scale
   * @param x first column
   * @param height pixels
   * @param width pixels
   * @param mapHeight rows of the logits
   * @param mapWidth columns of the logits
   * @param values [map height, map width, classes]
   */
  public record Window(
      int y, int x, int height, int width, int mapHeight, int mapWidth, float[] values) {}
}
