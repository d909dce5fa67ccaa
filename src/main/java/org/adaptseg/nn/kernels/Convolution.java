package org.adaptseg.nn.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution of one geometry. Activations are in the layout of the kernels that made it; weights
 * and their gradients are plain [O, I, kH, kW], biases [O].
 */
public interface Convolution extends AutoCloseable {
  /** The geometry. */
  ConvolutionShape shape();

  /**
   * Takes weights for the coming calls; must be called again after they change.
   *
   * @param bias null where the shape has none
   */
  void weights(INDArray weights, INDArray bias);

  /** y = w * x + b. */
  void forward(INDArray x, INDArray y);

  /** gx = gradient of x, overwritten. */
  void backwardData(INDArray gy, INDArray gx);

  /**
   * Gradients of the weights and the bias.
   *
   * @param accumulate add to what is there instead of overwriting
   */
  void backwardWeights(
      INDArray x, INDArray gy, INDArray gradWeights, INDArray gradBias, boolean accumulate);

  @Override
  void close();
}
