package org.adaptseg.engine.host;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.engine.Optimizers;
import org.bytedeco.javacpp.FloatPointer;

/** {@link Optimizers#momentumSgd} over vectors in memory. */
public final class MomentumUpdate {
  private final float momentum;
  private final float weightDecay;

  /** The rule with its two constants. */
  public MomentumUpdate(double momentum, double weightDecay) {
    this.momentum = (float) momentum;
    this.weightDecay = (float) weightDecay;
  }

  /**
   * One update.
   *
   * @param parameters changed
   * @param gradients left alone
   * @param velocity changed
   * @throws ArithmeticException when a gradient is not finite; names the tensor
   */
  public void step(
      List<Optimizers.Stretch> stretches,
      FloatPointer parameters,
      FloatPointer gradients,
      FloatPointer velocity) {
    List<Part> parts = new ArrayList<>();
    for (Optimizers.Stretch stretch : stretches) {
      for (long at = stretch.from(); at < stretch.to(); at += FlatChunks.PART) {
        parts.add(new Part(stretch, at, Math.min(stretch.to(), at + FlatChunks.PART)));
      }
    }
    Ranges.forEach(
        parts.size(),
        () -> new Arrays(parameters, gradients, velocity),
        (arrays, i) -> update(arrays, parts.get(i)));
  }

  /** What a thread takes of a stretch. */
  private record Part(Optimizers.Stretch stretch, long from, long end) {}

  /** What a thread copies chunks through. */
  private static final class Arrays {
    final FloatPointer parameters;
    final FloatPointer gradients;
    final FloatPointer velocity;
    final float[] p = new float[FlatChunks.CHUNK];
    final float[] g = new float[FlatChunks.CHUNK];
    final float[] v = new float[FlatChunks.CHUNK];

    Arrays(FloatPointer parameters, FloatPointer gradients, FloatPointer velocity) {
      this.parameters = new FloatPointer(parameters);
      this.gradients = new FloatPointer(gradients);
      this.velocity = new FloatPointer(velocity);
    }
  }

  private void update(Arrays a, Part part) {
    for (long at = part.from(); at < part.end(); at += FlatChunks.CHUNK) {
      int n = (int) Math.min(FlatChunks.CHUNK, part.end() - at);
      FlatChunks.read(a.parameters, at, a.p, n);
      FlatChunks.read(a.gradients, at, a.g, n);
      FlatChunks.read(a.velocity, at, a.v, n);
      for (int r = 0; r < part.stretch().repeats(); r++) {
        update(a.p, a.g, a.v, n, part.stretch().rate());
      }
      if (!FlatChunks.finite(a.v, n)) {
        throw new ArithmeticException(
            "Cannot update "
                + part.stretch().name()
                + ": expected finite gradients, found NaN or infinity");
      }
      FlatChunks.write(a.parameters, at, a.p, n);
      FlatChunks.write(a.velocity, at, a.v, n);
    }
  }

  private void update(float[] p, float[] g, float[] v, int n, float lr) {
    float mu = momentum;
    float decay = weightDecay;
    for (int i = 0; i < n; i++) {
      g[i] += decay * p[i];
      v[i] = mu * v[i] + g[i];
      p[i] -= lr * v[i];
    }
  }
}
