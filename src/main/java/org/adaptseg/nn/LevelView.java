package org.adaptseg.nn;

import org.adaptseg.engine.Tensor;

/** What a discriminator sees of one level, as rows of pixels, and the way back. */
public interface LevelView extends AutoCloseable {
  /** Rows of pixels [N·H·W, C]; valid until the level is read again. */
  Tensor rows();

  /**
   * Gradient of the level's logits or features, from a gradient of the rows, which is overwritten;
   * valid until the next call.
   */
  Tensor backward(Tensor gradRows);

  @Override
  void close();
}
