package org.adaptseg.engine;

/**
 * A convolution of one geometry. Weights and their gradients are in the order [O, I, kH, kW],
 * biases [O].
 */
public interface Convolution extends AutoCloseable {
  /** The geometry. */
  ConvolutionShape shape();

  /**
   * Takes weights for the coming calls; must be called again after their values change.
   *
   * @param bias null where the shape has none
   */
  void weights(Vector weights, Vector bias);

  /** y = w * x + b. */
  void forward(Tensor x, Tensor y);

  /**
   * Gradient of x.
   *
   * @param accumulate add to gx instead of overwriting
   */
  void backwardData(Tensor gy, Tensor gx, boolean accumulate);

  /**
   * Gradients of the weights and the bias.
   *
   * @param gradBias null where the shape has no bias
   * @param accumulate add to what is there instead of overwriting
   */
  void backwardWeights(
      Tensor x, Tensor gy, Vector gradWeights, Vector gradBias, boolean accumulate);

  @Override
  void close();
}
