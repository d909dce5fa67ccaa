package org.adaptseg.nn.training;

import org.adaptseg.engine.Tensor;

/** Reads probabilities of classes from an engine, pixel by pixel and some thousand at a time. */
final class PixelProbabilities {
  private static final int CHUNK_PIXELS = 8192;

  private PixelProbabilities() {}

  /** Takes the probabilities of one pixel. */
  interface Reader {
    /**
     * @param pixel its number, image by image and row by row
     * @param values holds its probabilities, of class 0 first, until this call returns
     * @param first index of that of class 0
     * @param top the most likely class, the first where several are equal
     */
    void read(int pixel, float[] values, int first, int top);
  }

  /**
   * Reads all pixels in their order.
   *
   * @param probabilities {@link Tensor.Kind#PIXELS}
   */
  static void forEach(Tensor probabilities, Reader reader) {
    int channels = probabilities.shape().channels();
    int pixels = Math.toIntExact(probabilities.shape().pixels());
    float[] chunk = new float[Math.min(CHUNK_PIXELS, pixels) * channels];
    for (int from = 0; from < pixels; from += CHUNK_PIXELS) {
      int count = Math.min(CHUNK_PIXELS, pixels - from);
      probabilities.readPixels(from, count, chunk);
      for (int i = 0; i < count; i++) {
        int first = i * channels;
        int top = 0;
        for (int c = 1; c < channels; c++) {
          top = chunk[first + c] > chunk[first + top] ? c : top;
        }
        reader.read(from + i, chunk, first, top);
      }
    }
  }
}
