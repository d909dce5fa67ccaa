package org.adaptseg.engine;

import org.adaptseg.metrics.ConfusionMatrix;

/**
 * Counts the pixels of labelled images by label and by the class that logits give them: bilinear
 * upsampling and arg-max, as {@link ArgMax}. In every fourth row it counts, too, how probable the
 * class is, by a softmax of the upsampled logits, as {@link SoftmaxAverage} of one look.
 *
 * <p>Counts are whole numbers, so their order does not matter: an engine that computes with the
 * rounding of another's counts the same for the same logits.
 */
public interface PixelCounting extends AutoCloseable {
  /** Rows from one whose probabilities are counted to the next; the first is row 0. */
  int STEP = 4;

  /**
   * What a counting is made for.
   *
   * @param logits their shape; at most 255 channels
   * @param inputHeight pixels of the image that the logits are of
   * @param inputWidth pixels of the image that the logits are of
   * @param height of the labels
   * @param width of the labels
   * @param alignCorners how places of the image and of the map correspond, as in training
   */
  record Shape(
      FeatureShape logits,
      int inputHeight,
      int inputWidth,
      int height,
      int width,
      boolean alignCorners) {
    /** Number of labels, over all images. */
    public int pixels() {
      return Math.multiplyExact(logits.images(), Math.multiplyExact(height, width));
    }

    /**
     * Requires a label for each pixel.
     *
     * @throws IllegalArgumentException for another number
     */
    public void requireLabels(int found) {
      if (found != pixels()) {
        throw new IllegalArgumentException(
            "Cannot count: expected " + pixels() + " labels, found " + found);
      }
    }
  }

  /**
   * Adds all pixels to a matrix whose classes are the logits' channels.
   *
   * @param logits of the shape that this was made for
   * @param labels a class or the matrix's ignored label for each pixel, image by image and row by
   *     row, unsigned
   * @param into is as before if this fails
   * @throws IllegalArgumentException for a label that is neither, or another number of labels
   */
  void count(Tensor logits, byte[] labels, ConfusionMatrix into);

  @Override
  void close();
}
