package org.adaptseg.engine;

/**
 * Probabilities of an image's pixels, averaged over looks at it. The logits of each window are
 * upsampled to the pixels that the window covers, as the network's whole map is, and turned into
 * probabilities by a softmax. Where windows of one look overlap, their probabilities are averaged
 * with the product of two weights, one from top to bottom and one from left to right: at t, in
 * pixels from the window's first to its last, n − 1, the weight is min(t + 1, n − t), a triangle
 * that is least at the window's edge and never 0. Looks, upright and mirrored ones, then count
 * alike.
 *
 * <p>Nothing is kept but the logits; a row is computed when it is read.
 */
public interface SoftmaxAverage {
  /** Takes rows. */
  @FunctionalInterface
  interface RowReader {
    /**
     * @param y row of the image
     * @param probabilities [width, classes]; overwritten once this returns
     */
    void read(int y, float[] probabilities);
  }

  /**
   * Computes rows 0, {@code step}, 2 · {@code step}, …, each once. They come in any order, on
   * several threads at once.
   *
   * @param step 1 for all rows
   */
  void forEachRow(int step, RowReader reader);
}
