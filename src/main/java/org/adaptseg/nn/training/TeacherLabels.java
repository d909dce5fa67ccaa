package org.adaptseg.nn.training;

import org.adaptseg.engine.Tensor;

/**
 * What a network takes the pixels of a batch for.
 *
 * @param classes the most likely class of every pixel, the first where several are equal; image by
 *     image and row by row
 * @param confident share of the pixels, 0 to 1, whose class has at least the probability asked for
 */
public record TeacherLabels(byte[] classes, double confident) {
  /**
   * Labels of probabilities.
   *
   * @param probabilities {@link Tensor.Kind#PIXELS}
   * @param confidence the probability that makes a pixel count as confident
   */
  static TeacherLabels of(Tensor probabilities, double confidence) {
    int pixels = Math.toIntExact(probabilities.shape().pixels());
    byte[] classes = new byte[pixels];
    int[] confident = {0};
    PixelProbabilities.forEach(
        probabilities,
        (pixel, values, first, top) -> {
          classes[pixel] = (byte) top;
          confident[0] += values[first + top] >= confidence ? 1 : 0;
        });
    return new TeacherLabels(classes, (double) confident[0] / pixels);
  }
}
