package org.adaptseg.nn.optimizer;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.Optimizer.Updates;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.nn.parallel.Ranges;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Momentum SGD in PyTorch's form: v ← μ v + (g + λ p); p ← p − lr v. Heads take lr · headFactor.
 * Frozen parameters and running statistics are left alone.
 *
 * @param momentum μ
 * @param weightDecay λ, on every trained parameter, biases included
 * @param headFactor factor of the heads' learning rate
 * @param updates whether a tensor is updated once an iteration or as often as the released code's
 *     parameter list names it, by the rule of PyTorch 0.3 and 0.4: the decay is added to the
 *     gradient in place, so every further update finds that of those before it, and each continues
 *     from the momentum of the one before
 */
public record MomentumSgd(double momentum, double weightDecay, double headFactor, Updates updates) {

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
    List<Part> parts = new ArrayList<>();
    for (ParameterSlice slice : slices) {
      if (!slice.role().trained()) {
        continue;
      }
      float lr = (float) (slice.head() ? learningRate * headFactor : learningRate);
      int repeats =
          switch (updates) {
            case ONCE -> 1;
            case YEAR_2018 -> slice.duplicates();
          };
      long end = slice.offset() + slice.length();
      for (long at = slice.offset(); at < end; at += FlatChunks.PART) {
        parts.add(new Part(slice, at, Math.min(end, at + FlatChunks.PART), lr, repeats));
      }
    }
    Ranges.forEach(
        parts.size(),
        () -> new Arrays(parameters, gradients, velocity),
        (arrays, i) -> update(arrays, parts.get(i)));
  }

  /** A stretch of a tensor, and how it is updated. */
  private record Part(ParameterSlice slice, long from, long end, float rate, int repeats) {}

  /** What a thread copies chunks through. */
  private static final class Arrays {
    final FloatPointer parameters;
    final FloatPointer gradients;
    final FloatPointer velocity;
    final float[] p = new float[FlatChunks.CHUNK];
    final float[] g = new float[FlatChunks.CHUNK];
    final float[] v = new float[FlatChunks.CHUNK];

    Arrays(INDArray parameters, INDArray gradients, INDArray velocity) {
      this.parameters = FlatChunks.pointer(parameters);
      this.gradients = FlatChunks.pointer(gradients);
      this.velocity = FlatChunks.pointer(velocity);
    }
  }

  private void update(Arrays a, Part part) {
    for (long at = part.from(); at < part.end(); at += FlatChunks.CHUNK) {
      int n = (int) Math.min(FlatChunks.CHUNK, part.end() - at);
      FlatChunks.read(a.parameters, at, a.p, n);
      FlatChunks.read(a.gradients, at, a.g, n);
      FlatChunks.read(a.velocity, at, a.v, n);
      for (int r = 0; r < part.repeats(); r++) {
        update(a.p, a.g, a.v, n, part.rate());
      }
      if (!FlatChunks.finite(a.v, n)) {
        throw new ArithmeticException(
            "Cannot update "
                + part.slice().key()
                + ": expected finite gradients, found NaN or infinity");
      }
      FlatChunks.write(a.parameters, at, a.p, n);
      FlatChunks.write(a.velocity, at, a.v, n);
    }
  }

  private void update(float[] p, float[] g, float[] v, int n, float lr) {
    float mu = (float) momentum;
    float decay = (float) weightDecay;
    for (int i = 0; i < n; i++) {
      g[i] += decay * p[i];
      v[i] = mu * v[i] + g[i];
      p[i] -= lr * v[i];
    }
  }
}
