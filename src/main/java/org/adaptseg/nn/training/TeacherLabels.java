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
  private static final int CHUNK_PIXELS = 1 << 16;

  /**
   * Labels of probabilities.
   *
   * @param probabilities {@link Tensor.Kind#PIXELS}
   * @param confidence the probability that makes a pixel count as confident
   */
  static TeacherLabels of(Tensor probabilities, double confidence) {
    int channels = probabilities.shape().channels();
    int pixels = Math.toIntExact(probabilities.shape().pixels());
    byte[] classes = new byte[pixels];
    float[] chunk = new float[Math.min(CHUNK_PIXELS, pixels) * channels];
    long confident = 0;
    for (int from = 0; from < pixels; from += CHUNK_PIXELS) {
      int count = Math.min(CHUNK_PIXELS, pixels - from);
      probabilities.readPixels(from, count, chunk);
      for (int i = 0; i < count; i++) {
        int row = i * channels;
        int top = 0;
        for (int c = 1; c < channels; c++) {
          top = chunk[row + c] > chunk[row + top] ? c : top;
        }
        classes[from + i] = (byte) top;
        confident += chunk[row + top] >= confidence ? 1 : 0;
      }
    }
    return new TeacherLabels(classes, (double) confident / pixels);
  }
}
