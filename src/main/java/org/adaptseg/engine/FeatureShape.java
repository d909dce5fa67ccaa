package org.adaptseg.engine;

import java.util.Locale;

/**
 * Shape of a feature map, NCHW.
 *
 * @param images batch size N
 * @param channels C
 * @param height H, pixels of the map
 * @param width W, pixels of the map
 */
public record FeatureShape(int images, int channels, int height, int width) {
  public FeatureShape {
    if (images < 1 || channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot use a feature map of %dx%dx%dx%d (NCHW): expected positive sizes",
              images,
              channels,
              height,
              width));
    }
  }

  /** Number of values without padding. */
  public long size() {
    return (long) images * channels * height * width;
  }

  /** Pixels of the map over all images, N·H·W. */
  public long pixels() {
    return (long) images * height * width;
  }

  /** The same map with other channels. */
  public FeatureShape withChannels(int other) {
    return new FeatureShape(images, other, height, width);
  }
}
