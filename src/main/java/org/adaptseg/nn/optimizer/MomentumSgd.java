package org.adaptseg.nn.optimizer;

import java.util.List;
import org.adaptseg.nn.ParameterSlice;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Momentum SGD in PyTorch's form: v ← μ v + (g + λ p); p ← p − lr v. Heads take lr · headFactor.
 * Frozen parameters and running statistics are left alone.
 *
 * @param momentum μ
 * @param weightDecay λ, on every trained parameter, biases included
 * @param headFactor factor of the heads' learning rate
 * @param duplicateUpdates repeat the update as the released code's parameter list does. The rule is
 *     that of PyTorch 2.13 with {@code foreach=False}, which made the golden files: it looks up all
 *     momentum buffers before it updates, so in a tensor's first update every repetition starts
 *     from v = 0; later ones go on from each other. Other versions may differ in that first update
 */
public record MomentumSgd(
    double momentum, double weightDecay, double headFactor, boolean duplicateUpdates) {

  /**
   * One update.
   *
   * @param parameters flat, changed
   * @param gradients flat, left alone
   * @param velocity flat, changed
   * @throws ArithmeticException when a gradient is not finite; names the tensor
   */
  public void step(
      List<ParameterSlice> slices,
      INDArray parameters,
      INDArray gradients,
      INDArray velocity,
      double learningRate) {
    FloatPointer p = FlatChunks.pointer(parameters);
    FloatPointer g = FlatChunks.pointer(gradients);
    FloatPointer v = FlatChunks.pointer(velocity);
    float[] pc = new float[FlatChunks.CHUNK];
    float[] gc = new float[FlatChunks.CHUNK];
    float[] vc = new float[FlatChunks.CHUNK];
    for (ParameterSlice slice : slices) {
      if (!slice.role().trained()) {
        continue;
      }
      float lr = (float) (slice.head() ? learningRate * headFactor : learningRate);
      int repeats = duplicateUpdates ? slice.duplicates() : 1;
      // A buffer that no update has touched is zero; weight decay keeps a touched one from it.
      boolean restart = repeats > 1 && FlatChunks.isZero(v, slice.offset(), slice.length(), vc);
      long end = slice.offset() + slice.length();
      for (long at = slice.offset(); at < end; at += FlatChunks.CHUNK) {
        int n = (int) Math.min(FlatChunks.CHUNK, end - at);
        FlatChunks.read(p, at, pc, n);
        FlatChunks.read(g, at, gc, n);
        FlatChunks.read(v, at, vc, n);
        for (int r = 0; r < repeats; r++) {
          if (restart) {
            java.util.Arrays.fill(vc, 0, n, 0f);
          }
          update(pc, gc, vc, n, lr);
        }
        requireFinite(vc, n, slice);
        FlatChunks.write(p, at, pc, n);
        FlatChunks.write(v, at, vc, n);
      }
    }
  }

  private void update(float[] p, float[] g, float[] v, int n, float lr) {
    float mu = (float) momentum;
    float decay = (float) weightDecay;
    for (int i = 0; i < n; i++) {
      v[i] = mu * v[i] + (g[i] + decay * p[i]);
      p[i] -= lr * v[i];
    }
  }

  private static void requireFinite(float[] v, int n, ParameterSlice slice) {
    float zero = 0f;
    for (int i = 0; i < n; i++) {
      zero += v[i] * 0f; // 0 for finite values, NaN otherwise
    }
    if (zero != 0f) {
      throw new ArithmeticException(
          "Cannot update " + slice.key() + ": expected finite gradients, found NaN or infinity");
    }
  }
}
