package org.adaptseg.data.image;

import org.adaptseg.config.data.LabelSpace;

/**
 * Train ids per pixel: 0..classes-1, or {@link #IGNORE}.
 *
 * @param height H, at least 1
 * @param width W, at least 1
 * @param values H·W unsigned bytes, row-major; not copied, and not to be written to
 */
public record LabelImage(int height, int width, byte[] values) {
  /** The train id of pixels that neither training nor scores count. */
  public static final int IGNORE = LabelSpace.IGNORE;

  public LabelImage {
    Shapes.check("label image", height, width, 1, values.length);
  }

  /** The train id at row {@code y}, column {@code x}. */
  public int at(int y, int x) {
    return values[y * width + x] & 0xFF;
  }
}
