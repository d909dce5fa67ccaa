package org.adaptseg.nn.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution at evaluation, followed by an affine map of each channel, which is part of its
 * weights, maybe by a sum and maybe by ReLU: y = relu(scale · (w * x) + shift + y).
 */
public interface InferenceConvolution extends AutoCloseable {
  /**
   * Takes over a copy of the weights.
   *
   * @param weights [O, I, k, k]
   * @param scale of each output channel
   * @param shift of each output channel
   */
  void weights(INDArray weights, float[] scale, float[] shift);

  /**
   * Computes y.
   *
   * @param y overwritten, or added to where the convolution was made so
   */
  void run(INDArray x, INDArray y);

  @Override
  void close();
}
