package org.adaptseg.nn.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Bilinear upsampling with aligned corners, from logits of a map to scores of an image's pixels.
 * Pixels are rows: [N·H·W, C].
 */
public interface Upsampling extends AutoCloseable {
  /**
   * @param logits activation in the kernels' layout
   * @param pixels [N·H·W, C], overwritten
   */
  void forward(INDArray logits, INDArray pixels);

  /**
   * The adjoint.
   *
   * @param gradPixels [N·H·W, C]
   * @param gradLogits activation in the kernels' layout, overwritten
   */
  void backward(INDArray gradPixels, INDArray gradLogits);

  @Override
  void close();
}
