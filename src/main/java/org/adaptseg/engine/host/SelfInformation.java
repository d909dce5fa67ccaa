package org.adaptseg.engine.host;

import org.bytedeco.javacpp.FloatPointer;

/**
 * Weighted self-information of rows of pixels, I_c = −p_c log p_c / log C for each of C classes (Vu
 * et al. 2019, section 3.2): high where the prediction is unsure, 0 for p = 0.
 *
 * <p>The scores s are at hand as well as their softmax p, so a pixel costs one logarithm: log p_c =
 * s_c − log Σ e^s, and log Σ e^s = s_m − log p_m of the most likely class m.
 */
public final class SelfInformation {
  private static final int CHUNK_PIXELS = 1024;

  private SelfInformation() {}

  /**
   * Replaces scores by I.
   *
   * @param scores overwritten
   * @param probabilities their softmax
   */
  public static void of(Rows scores, Rows probabilities) {
    walk(
        scores,
        probabilities,
        scores,
        (chunk, pixels) -> {
          for (int i = 0; i < pixels; i++) {
            chunk.information(i * chunk.classes);
          }
          return 0;
        });
  }

  /**
   * Replaces a gradient of I by that of the scores, softmax included. No logarithm is needed: p
   * dI/dp = I − p / log C.
   *
   * @param information I
   * @param probabilities the softmax of the scores
   * @param gradient overwritten
   */
  public static void backward(Rows information, Rows probabilities, Rows gradient) {
    walk(
        information,
        probabilities,
        gradient,
        (chunk, pixels) -> {
          for (int i = 0; i < pixels; i++) {
            chunk.throughSoftmax(i * chunk.classes);
          }
          return 0;
        });
  }

  /** What is done with some pixels; returns what is summed over all. */
  interface Body {
    double run(Chunk chunk, int pixels);
  }

  /** Goes through all pixels in parallel; {@code out} is read and written. */
  static double walk(Rows values, Rows probabilities, Rows out, Body body) {
    int pixels = values.pixels();
    int chunks = (pixels + CHUNK_PIXELS - 1) / CHUNK_PIXELS;
    double[] sums = new double[chunks];
    Ranges.forEach(
        chunks,
        () -> new Chunk(values, probabilities, out),
        (chunk, i) -> sums[i] = chunk.run(i * CHUNK_PIXELS, pixels, body));
    double sum = 0;
    for (double part : sums) {
      sum += part;
    }
    return sum;
  }

  /** Some pixels at a time, in arrays that stay in the cache. */
  static final class Chunk {
    final int classes;
    private final double scale;
    private final FloatPointer allValues;
    private final FloatPointer allProbabilities;
    private final FloatPointer allOut;
    private final float[] values;
    private final float[] p;
    private final float[] out;

    Chunk(Rows values, Rows probabilities, Rows out) {
      this.classes = values.channels();
      this.scale = -1 / Math.log(classes);
      this.allValues = new FloatPointer(values.values());
      this.allProbabilities = new FloatPointer(probabilities.values());
      this.allOut = new FloatPointer(out.values());
      this.values = new float[CHUNK_PIXELS * classes];
      this.p = new float[CHUNK_PIXELS * classes];
      this.out = new float[CHUNK_PIXELS * classes];
    }

    private double run(int from, int all, Body body) {
      int pixels = Math.min(CHUNK_PIXELS, all - from);
      long offset = (long) from * classes;
      int n = pixels * classes;
      allValues.position(offset).get(values, 0, n);
      allProbabilities.position(offset).get(p, 0, n);
      allOut.position(offset).get(out, 0, n);
      double sum = body.run(this, pixels);
      allOut.position(offset).put(out, 0, n);
      return sum;
    }

    /** I of the pixel whose scores begin at {@code row}, and the sum of it. */
    double information(int row) {
      int most = row;
      for (int c = row + 1; c < row + classes; c++) {
        most = p[c] > p[most] ? c : most;
      }
      double logSum = values[most] - Math.log(p[most]);
      double sum = 0;
      for (int c = row; c < row + classes; c++) {
        out[c] = (float) (scale * p[c] * (values[c] - logSum));
        sum += out[c];
      }
      return sum;
    }

    /** Makes (out − p · sum) · factor of a pixel. */
    void subtractAndScale(int row, double sum, double factor) {
      for (int c = row; c < row + classes; c++) {
        out[c] = (float) ((out[c] - p[c] * sum) * factor);
      }
    }

    private void throughSoftmax(int row) {
      double sum = 0;
      for (int c = row; c < row + classes; c++) {
        double product = out[c] * (values[c] + scale * p[c]);
        out[c] = (float) product;
        sum += product;
      }
      subtractAndScale(row, sum, 1);
    }
  }
}
