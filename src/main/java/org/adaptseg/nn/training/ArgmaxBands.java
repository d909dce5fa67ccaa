package org.adaptseg.nn.training;

/**
 * The most likely class of every pixel of a large image, a few rows at a time: bilinear upsampling
 * of the logits and arg-max in one pass, so that scores of image size are never stored. Their
 * memory would be 4 bytes a class and pixel.
 */
public final class ArgmaxBands {
  private final Logits logits;
  private final int outHeight;
  private final int outWidth;
  private final boolean alignCorners;
  private final int[] left;
  private final float[] rightWeight;
  private final float[] row;

  /**
   * Logits of one image.
   *
   * @param classes C
   * @param height h
   * @param width w
   * @param values h·w·C values, row by row, the classes of a place side by side
   */
  public record Logits(int classes, int height, int width, float[] values) {}

  /**
   * @param outHeight rows of the image
   * @param outWidth columns of the image
   * @param alignCorners how places of the image and of the logits correspond, as in training
   */
  public ArgmaxBands(Logits logits, int outHeight, int outWidth, boolean alignCorners) {
    this.logits = logits;
    this.outHeight = outHeight;
    this.outWidth = outWidth;
    this.alignCorners = alignCorners;
    this.left = new int[outWidth];
    this.rightWeight = new float[outWidth];
    for (int x = 0; x < outWidth; x++) {
      double at = place(x, logits.width(), outWidth);
      left[x] = (int) at;
      rightWeight[x] = (float) (at - left[x]);
    }
    this.row = new float[logits.width() * logits.classes()];
  }

  /** Where output i of n samples the input, from 0 to in − 1. */
  private double place(int i, int in, int n) {
    double at;
    if (alignCorners) {
      at = n > 1 ? i * ((double) (in - 1) / (n - 1)) : 0;
    } else {
      at = (i + 0.5) * in / n - 0.5;
    }
    return Math.max(0, Math.min(in - 1, at));
  }

  /**
   * Train ids of some rows.
   *
   * @param from first row
   * @param count number of rows
   * @param out count · outWidth values, row by row
   * @param offset where in {@code out} the first one goes
   */
  public void rows(int from, int count, byte[] out, int offset) {
    for (int y = 0; y < count; y++) {
      interpolate(from + y);
      argmax(out, offset + y * outWidth);
    }
  }

  private void interpolate(int y) {
    double at = place(y, logits.height(), outHeight);
    int upper = (int) at;
    int lower = Math.min(upper + 1, logits.height() - 1);
    float weight = (float) (at - upper);
    int length = row.length;
    float[] values = logits.values();
    for (int i = 0; i < length; i++) {
      float above = values[upper * length + i];
      row[i] = above + weight * (values[lower * length + i] - above);
    }
  }

  private void argmax(byte[] out, int offset) {
    int classes = logits.classes();
    int last = (logits.width() - 1) * classes;
    for (int x = 0; x < outWidth; x++) {
      int from = left[x] * classes;
      int to = Math.min(from + classes, last);
      float weight = rightWeight[x];
      int best = 0;
      float top = Float.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        float value = row[from + c] + weight * (row[to + c] - row[from + c]);
        if (value > top) {
          top = value;
          best = c;
        }
      }
      out[offset + x] = (byte) best;
    }
  }
}
