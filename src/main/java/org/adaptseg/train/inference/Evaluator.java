package org.adaptseg.train.inference;

import java.io.IOException;
import org.adaptseg.metrics.ConfusionMatrix;

/** Evaluates images of one split with one state. Not thread-safe. */
public interface Evaluator extends AutoCloseable {
  /**
   * Says that images {@code first} to {@code end} − 1 are going to be evaluated in this order: they
   * may be read ahead. Without it, an image is read when it is evaluated; results are the same.
   */
  default void expect(int first, int end) {}

  /**
   * Predicts one image and counts its pixels.
   *
   * @param index 0 ≤ index &lt; {@link EvaluatorFactory#size}
   * @throws IOException if the image or its labels cannot be read
   */
  ConfusionMatrix evaluate(int index) throws IOException;

  @Override
  void close();
}
