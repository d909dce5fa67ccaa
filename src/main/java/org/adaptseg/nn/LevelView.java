package org.adaptseg.nn;

import org.adaptseg.nn.kernels.FeatureShape;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a discriminator sees of one level, as rows of pixels, and the way back. */
public interface LevelView extends AutoCloseable {
  /** N, C, H, W of what is seen. */
  FeatureShape shape();

  /** Rows of pixels [N·H·W, C]; valid until the level is read again. */
  INDArray rows();

  /**
   * Gradient of the level's logits or features, in the kernels' layout, from a gradient of the
   * rows, which is overwritten; valid until the next call.
   */
  INDArray backward(INDArray gradRows);

  @Override
  void close();
}
