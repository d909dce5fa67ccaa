package org.adaptseg.nn.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation over N, H, W of one shape, optionally followed by ReLU: y = relu(γ (x − μ) /
 * √(σ² + 1e-5) + β). γ and β are frozen: no gradient for them.
 */
public interface BatchNorm extends AutoCloseable {
  /** The constant added to the variance. */
  double EPSILON = 1e-5;

  /** Takes γ and β for the coming calls; must be called again after they change. */
  void affine(INDArray gamma, INDArray beta);

  /**
   * Normalises with batch statistics and keeps them for {@link #backward}.
   *
   * @param mean [C], receives the batch mean
   * @param variance [C], receives the biased batch variance
   */
  void forwardBatch(INDArray x, INDArray y, INDArray mean, INDArray variance);

  /** Normalises with the given statistics. */
  void forwardRunning(INDArray x, INDArray y, INDArray mean, INDArray variance);

  /**
   * Computes y of the last {@link #forwardBatch} once more, where it was not worth keeping.
   *
   * @param x the same as then
   */
  void forwardAgain(INDArray x, INDArray y);

  /**
   * Gradient of x for the last {@link #forwardBatch}; {@code gy} and {@code gx} may be the same.
   */
  void backward(INDArray x, INDArray gy, INDArray gx);

  @Override
  void close();
}
