package org.adaptseg.nn.kernels;

/**
 * The one-dimensional matrix of bilinear interpolation with aligned corners: out = M · in, where
 * output i samples the input at i · (in − 1) / (out − 1).
 */
final class InterpolationMatrix {
  private InterpolationMatrix() {}

  /** Row-major [out × in]. */
  static double[][] rows(int in, int out) {
    double[][] m = new double[out][in];
    double scale = out > 1 ? (double) (in - 1) / (out - 1) : 0;
    for (int i = 0; i < out; i++) {
      double at = i * scale;
      int low = Math.min((int) Math.floor(at), in - 1);
      int high = Math.min(low + 1, in - 1);
      double weight = at - low;
      m[i][low] += 1 - weight;
      m[i][high] += weight;
    }
    return m;
  }
}
