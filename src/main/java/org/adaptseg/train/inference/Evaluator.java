package org.adaptseg.train.inference;

import java.io.IOException;
import org.adaptseg.metrics.ConfusionMatrix;

/** Evaluates images of one split with one state. Not thread-safe. */
public interface Evaluator extends AutoCloseable {
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
