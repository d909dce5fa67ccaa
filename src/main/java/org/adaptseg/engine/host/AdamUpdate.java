package org.adaptseg.engine.host;

import org.adaptseg.engine.Optimizers;
import org.bytedeco.javacpp.FloatPointer;

/**
 * {@link Optimizers#adam} over vectors in memory.
 *
 * @param rule its constants
 */
public record AdamUpdate(Optimizers.AdamRule rule) {

  /**
   * One update of a whole vector.
   *
   * @param length of the vectors
   * @param parameters changed
   * @param gradients left alone
   * @param first first moment, changed
   * @param second second moment, changed
   * @param step number of this update, from 1
   * @throws ArithmeticException when a gradient is not finite
   */
  public void step(
      long length,
      FloatPointer parameters,
      FloatPointer gradients,
      FloatPointer first,
      FloatPointer second,
      double learningRate,
      long step) {
    float rate = (float) (learningRate / (1 - Math.pow(rule.beta1(), step)));
    float root = (float) Math.sqrt(1 - Math.pow(rule.beta2(), step));
    long end = length;
    int parts = Math.toIntExact((end + FlatChunks.PART - 1) / FlatChunks.PART);
    Ranges.forEach(
        parts,
        () -> new Arrays(parameters, gradients, first, second),
        (a, i) -> {
          long from = (long) i * FlatChunks.PART;
          for (long at = from; at < Math.min(end, from + FlatChunks.PART); at += FlatChunks.CHUNK) {
            update(a, at, (int) Math.min(FlatChunks.CHUNK, end - at), rate, root);
          }
        });
  }

  /** What a thread copies chunks through. */
  private static final class Arrays {
    final FloatPointer parameters;
    final FloatPointer gradients;
    final FloatPointer first;
    final FloatPointer second;
    final float[] p = new float[FlatChunks.CHUNK];
    final float[] g = new float[FlatChunks.CHUNK];
    final float[] m = new float[FlatChunks.CHUNK];
    final float[] v = new float[FlatChunks.CHUNK];

    Arrays(
        FloatPointer parameters, FloatPointer gradients, FloatPointer first, FloatPointer second) {
      this.parameters = new FloatPointer(parameters);
      this.gradients = new FloatPointer(gradients);
      this.first = new FloatPointer(first);
      this.second = new FloatPointer(second);
    }
  }

  private void update(Arrays a, long at, int n, float rate, float root) {
    FlatChunks.read(a.parameters, at, a.p, n);
    FlatChunks.read(a.gradients, at, a.g, n);
    FlatChunks.read(a.first, at, a.m, n);
    FlatChunks.read(a.second, at, a.v, n);
    update(a.p, a.g, a.m, a.v, n, rate, root);
    if (!FlatChunks.finite(a.m, n)) {
      throw new ArithmeticException(
          "Cannot update a discriminator: expected finite gradients, found NaN or infinity");
    }
    FlatChunks.write(a.parameters, at, a.p, n);
    FlatChunks.write(a.first, at, a.m, n);
    FlatChunks.write(a.second, at, a.v, n);
  }

  private void update(float[] p, float[] g, float[] m, float[] v, int n, float rate, float root) {
    float b1 = (float) rule.beta1();
    float c1 = (float) (1 - rule.beta1());
    float b2 = (float) rule.beta2();
    float c2 = (float) (1 - rule.beta2());
    float e = (float) rule.epsilon();
    for (int i = 0; i < n; i++) {
      m[i] = b1 * m[i] + c1 * g[i];
      v[i] = b2 * v[i] + c2 * g[i] * g[i];
      p[i] -= rate * m[i] / ((float) Math.sqrt(v[i]) / root + e);
    }
  }
}
