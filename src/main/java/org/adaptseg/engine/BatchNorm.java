package org.adaptseg.engine;

/**
 * Batch normalisation over N, H, W of one shape, optionally followed by ReLU: y = relu(γ (x − μ) /
 * √(σ² + 1e-5) + β). γ and β are frozen: no gradient for them.
 */
public interface BatchNorm extends AutoCloseable {
  /** The constant added to the variance. */
  double EPSILON = 1e-5;

  /** Takes parameters for the coming calls; must be called again after γ or β change. */
  void parameters(Normalization parameters);

  /** Normalises with batch statistics and keeps them for the calls that follow. */
  void forwardBatch(Tensor x, Tensor y);

  /**
   * Moves the running statistics to those of the last {@link #forwardBatch}: running ← (1 − m)
   * running + m · batch, the variance unbiased (PyTorch's rule). Each step is rounded by itself.
   *
   * @param momentum m
   */
  void moveRunning(double momentum);

  /** Puts the statistics of the last {@link #forwardBatch}, the variance unbiased, in place. */
  void replaceRunning();

  /** Normalises with the running statistics. */
  void forwardRunning(Tensor x, Tensor y);

  /**
   * Computes y of the last {@link #forwardBatch} once more, where it was not worth keeping.
   *
   * @param x the same as then
   */
  void forwardAgain(Tensor x, Tensor y);

  /**
   * Gradient of x for the last {@link #forwardBatch}; {@code gy} and {@code gx} may be the same.
   */
  void backward(Tensor x, Tensor gy, Tensor gx);

  /**
   * Gradient of x for {@link #forwardRunning} from that in front of the ReLU, γ / √(σ² + ε) · gy:
   * with given statistics the normalisation is linear. {@code gy} and {@code gx} may be the same.
   */
  void backwardRunning(Tensor gy, Tensor gx);

  @Override
  void close();
}
