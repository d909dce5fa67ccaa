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
   * Takes weights for the coming calls; must be called again after another array takes their place.
   *
   * @param bias null where the shape has none
   */
  void weights(INDArray weights, INDArray bias);

  /** y = w * x + b. */
  void forward(INDArray x, INDArray y);

  /**
   * Gradient of x.
   *
   * @param accumulate add to gx instead of overwriting
   */
  void backwardData(INDArray gy, INDArray gx, boolean accumulate);

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
