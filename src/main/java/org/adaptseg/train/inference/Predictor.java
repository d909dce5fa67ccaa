package org.adaptseg.train.inference;

import java.io.IOException;
import java.util.Optional;

/** Predicts images of one list with one state and writes the results. Not thread-safe. */
public interface Predictor extends AutoCloseable {
  /** Whether the predictions of an image are there, whole. */
  boolean isDone(int index) throws IOException;

  /**
   * Predicts one image and writes the files that are not there yet.
   *
   * @param index 0 ≤ index &lt; {@link PredictorFactory#size}
   * @param attempt distinguishes writers that write at the same time
   * @return the problem of an image that cannot be used: expected, found, where
   * @throws IOException if a store cannot be read or written
   */
  Optional<String> predict(int index, String attempt) throws IOException;

  @Override
  void close();
}
