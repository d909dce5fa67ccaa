package org.adaptseg.engine;

/**
 * A convolution at evaluation with the batch normalisation behind it, which becomes part of its
 * weights, maybe by a sum and maybe by ReLU: y = relu(γ (w * x − μ) / √(σ² + ε) + β + y).
 */
public interface InferenceConvolution extends AutoCloseable {
  /**
   * Takes over a copy of the weights.
   *
   * @param weights [O, I, k, k]
   * @param norm its running statistics are used
   */
  void weights(Vector weights, Normalization norm);

  /**
   * Computes y.
   *
   * @param y overwritten, or added to where the convolution was made so
   */
  void run(Tensor x, Tensor y);

  @Override
  void close();
}
