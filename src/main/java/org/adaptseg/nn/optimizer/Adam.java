package org.adaptseg.nn.optimizer;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Adam in PyTorch's form (Kingma and Ba 2015, ε outside the bias correction of the root).
 *
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the corrected second moment
 */
public record Adam(double beta1, double beta2, double epsilon) {

  /**
   * One update of a whole flat vector.
   *
   * @param parameters flat, changed
   * @param gradients flat, left alone
   * @param first first moment, changed
   * @param second second moment, changed
   * @param step number of this update, from 1
   * @throws ArithmeticException when a gradient is not finite
   */
  public void step(
      INDArray parameters,
      INDArray gradients,
      INDArray first,
      INDArray second,
      double learningRate,
      long step) {
    FloatPointer p = FlatChunks.pointer(parameters);
    FloatPointer g = FlatChunks.pointer(gradients);
    FloatPointer m = FlatChunks.pointer(first);
    FloatPointer v = FlatChunks.pointer(second);
    float[] pc = new float[FlatChunks.CHUNK];
    float[] gc = new float[FlatChunks.CHUNK];
    float[] mc = new float[FlatChunks.CHUNK];
    float[] vc = new float[FlatChunks.CHUNK];
    float rate = (float) (learningRate / (1 - Math.pow(beta1, step)));
    float root = (float) Math.sqrt(1 - Math.pow(beta2, step));
    long end = parameters.length();
    for (long at = 0; at < end; at += FlatChunks.CHUNK) {
      int n = (int) Math.min(FlatChunks.CHUNK, end - at);
      FlatChunks.read(p, at, pc, n);
      FlatChunks.read(g, at, gc, n);
      FlatChunks.read(m, at, mc, n);
      FlatChunks.read(v, at, vc, n);
      update(pc, gc, mc, vc, n, rate, root);
      FlatChunks.write(p, at, pc, n);
      FlatChunks.write(m, at, mc, n);
      FlatChunks.write(v, at, vc, n);
    }
  }

  private void update(float[] p, float[] g, float[] m, float[] v, int n, float rate, float root) {
    float b1 = (float) beta1;
    float c1 = (float) (1 - beta1);
    float b2 = (float) beta2;
    float c2 = (float) (1 - beta2);
    float e = (float) epsilon;
    float zero = 0f;
    for (int i = 0; i < n; i++) {
      m[i] = b1 * m[i] + c1 * g[i];
      v[i] = b2 * v[i] + c2 * g[i] * g[i];
      p[i] -= rate * m[i] / ((float) Math.sqrt(v[i]) / root + e);
      zero += m[i] * 0f;
    }
    if (zero != 0f) {
      throw new ArithmeticException(
          "Cannot update a discriminator: expected finite gradients, found NaN or infinity");
    }
  }
}
