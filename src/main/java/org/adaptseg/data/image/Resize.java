package org.adaptseg.data.image;

import org.adaptseg.config.data.Normalisation;

/**
 * Resizing that equals Pillow's, which the published numbers were made with: {@code BICUBIC} (a =
 * −0.5, antialiased when shrinking, 8-bit fixed point) for images, {@code NEAREST} for labels.
 */
public final class Resize {
  private Resize() {}

  /** Bicubic, each channel by itself; the same image if it has this size already. */
  public static RgbImage bicubic(RgbImage image, int width, int height) {
    checkSize(width, height);
    return width == image.width() && height == image.height()
        ? image
        : new Bicubic(image, width, height).resized();
  }

  /** Bicubic, and the network's input of it. */
  public static Image bicubicInput(
      RgbImage image, int width, int height, Normalisation normalisation) {
    checkSize(width, height);
    return width == image.width() && height == image.height()
        ? Image.of(image, normalisation)
        : new Bicubic(image, width, height).input(normalisation);
  }

  /** As the other, in a form. */
  public static Image bicubicInput(
      RgbImage image, int width, int height, Normalisation normalisation, Image.Form form) {
    return switch (form) {
      case VALUES -> bicubicInput(image, width, height, normalisation);
      case PIXELS -> Image.of(bicubic(image, width, height), normalisation, form);
    };
  }

  /** Nearest neighbour; the same labels if they have this size already. */
  public static LabelImage nearest(LabelImage labels, int width, int height) {
    checkSize(width, height);
    if (width == labels.width() && height == labels.height()) {
      return labels;
    }
    int[] columns = nearestPositions(labels.width(), width);
    int[] rows = nearestPositions(labels.height(), height);
    byte[] values = new byte[Math.multiplyExact(width, height)];
    for (int y = 0; y < height; y++) {
      int from = rows[y] * labels.width();
      for (int x = 0; x < width; x++) {
        values[y * width + x] = labels.values()[from + columns[x]];
      }
    }
    return new LabelImage(height, width, values);
  }

  private static void checkSize(int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "Cannot resize: expected sides of at least 1 pixel, found " + width + "x" + height);
    }
  }

  /** Sums the step up instead of multiplying, as Pillow does: the roundings are part of it. */
  private static int[] nearestPositions(int from, int to) {
    double step = (double) from / to;
    double position = step * 0.5;
    int[] positions = new int[to];
    for (int i = 0; i < to; i++) {
      positions[i] = Math.min((int) position, from - 1);
      position += step;
    }
    return positions;
  }
}
