package org.adaptseg.train.inference;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How an image is looked at where it is scored or predicted: at one or several scales, upright and
 * maybe mirrored, whole or window by window. The probabilities of all looks are averaged, see
 * {@link org.adaptseg.engine.SoftmaxAverage}. An image that is looked at once, whole, gives the
 * bits of training's evaluation.
 *
 * @param scales factors of the size that the network sees an image at, each from 0.1 to 10
 * @param flip whether each scale is looked at mirrored, too
 * @param window the most that the network sees at once; null for whole images
 * @param ownSize whether factors are of the image's own size rather than the configuration's
 */
public record Views(List<Double> scales, boolean flip, Window window, boolean ownSize)
    implements Serializable {
  /** Whole images at the configuration's size, once. */
  public static final Views PLAIN = new Views(List.of(1.0), false, null, false);

  private static final double LEAST = 0.1;
  private static final double MOST = 10;

  public Views {
    scales = List.copyOf(scales);
    if (scales.isEmpty() || !scales.stream().allMatch(s -> s >= LEAST && s <= MOST)) {
      throw new IllegalArgumentException(
          "Cannot look at images: expected scales from 0.1 to 10, found " + scales);
    }
  }

  /**
   * Windows begin a stride apart; the last of a row or column ends where the image does. In a
   * direction in which the image is smaller, so is its window.
   *
   * @param width pixels of the image at its scale
   * @param height pixels
   * @param strideX pixels, 1 to the width
   * @param strideY pixels, 1 to the height
   */
  public record Window(int width, int height, int strideX, int strideY) implements Serializable {
    public Window {
      if (strideX < 1 || strideY < 1 || width < strideX || height < strideY) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot look through windows: expected a stride from 1x1 to the window's %dx%d,"
                    + " found %dx%d",
                width,
                height,
                strideX,
                strideY));
      }
    }
  }

  /** Where windows of a length begin on a side; the last one ends where the side does. */
  static List<Integer> starts(int side, int window, int stride) {
    List<Integer> starts = new ArrayList<>();
    for (int at = 0; at + window < side; at += stride) {
      starts.add(at);
    }
    starts.add(Math.max(0, side - window));
    return starts;
  }

  /** For people and for the identity of a prediction: {@code plain} or what differs from it. */
  public String describe() {
    List<String> parts = new ArrayList<>();
    if (!scales.equals(PLAIN.scales)) {
      parts.add("scales " + scales);
    }
    if (flip) {
      parts.add("with mirror images");
    }
    if (window != null) {
      parts.add(
          String.format(
              Locale.ROOT,
              "windows of %dx%d every %dx%d",
              window.width,
              window.height,
              window.strideX,
              window.strideY));
    }
    if (ownSize) {
      parts.add("own size");
    }
    return parts.isEmpty() ? "plain" : String.join(", ", parts);
  }
}
