package org.adaptseg.config.data;

import java.io.Serializable;

/**
 * A size of images, in pixels.
 *
 * @param width at least 1
 * @param height at least 1
 */
public record Size(int width, int height) implements Serializable {
  /** Number of pixels. */
  public long pixels() {
    return (long) width * height;
  }

  /** The smaller side. */
  public int leastSide() {
    return Math.min(width, height);
  }
}
