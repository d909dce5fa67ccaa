package org.adaptseg.engine.host;

/**
 * The one-dimensional matrix of bilinear interpolation, out = M · in. With aligned corners output i
 * samples the input at i · (in − 1) / (out − 1); without, at (i + ½) · in / out − ½, no lower than
 * 0.
 */
public final class InterpolationMatrix {
  private InterpolationMatrix() {}

  /** Row-major [out × in]. */
  public static double[][] rows(int in, int out, boolean alignCorners) {
    double[][] m = new double[out][in];
    double scale = out > 1 ? (double) (in - 1) / (out - 1) : 0;
    for (int i = 0; i < out; i++) {
      double at = alignCorners ? i * scale : Math.max(0, (i + 0.5) * in / out - 0.5);
      int low = Math.min((int) Math.floor(at), in - 1);
      int high = Math.min(low + 1, in - 1);
      double weight = at - low;
      m[i][low] += 1 - weight;
      m[i][high] += weight;
    }
    return m;
  }
}
