package org.adaptseg.nn.loss;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pixel-wise cross-entropy, mean over the pixels whose label is not ignored; eq. (1) of the paper.
 * An image of ignored pixels alone has loss 0 and gradient 0.
 */
public final class CrossEntropy {
  /** The label that is left out. */
  public static final int IGNORE = 255;

  private static final int CHUNK_PIXELS = 4096;

  /** Below this, the probability is recomputed from the scores. */
  private static final float UNDERFLOW = 1e-30f;

  private CrossEntropy() {}

  /**
   * Loss, and its gradient with respect to the scores.
   *
   * @param scores float32 [pixels, C]
   * @param probabilities their softmax
   * @param labels one per pixel, 0 to C − 1 or 255
   * @param weight factor of the gradient; the loss is unweighted
   * @param gradient [pixels, C], overwritten
   * @throws IllegalArgumentException for a label that is neither a class nor 255
   */
  public static double at(
      INDArray scores, INDArray probabilities, byte[] labels, double weight, INDArray gradient) {
    int classes = (int) scores.size(1);
    long valid = valid(labels, classes);
    FloatPointer p = new FloatPointer(probabilities.data().addressPointer());
    FloatPointer s = new FloatPointer(scores.data().addressPointer());
    FloatPointer g = new FloatPointer(gradient.data().addressPointer());
    float[] chunk = new float[CHUNK_PIXELS * classes];
    float factor = valid == 0 ? 0f : (float) (weight / valid);
    double sum = 0;
    for (int from = 0; from < labels.length; from += CHUNK_PIXELS) {
      int pixels = Math.min(CHUNK_PIXELS, labels.length - from);
      long offset = (long) from * classes;
      p.position(offset).get(chunk, 0, pixels * classes);
      for (int i = 0; i < pixels; i++) {
        int label = labels[from + i] & 0xFF;
        int row = i * classes;
        if (label == IGNORE) {
          java.util.Arrays.fill(chunk, row, row + classes, 0f);
          continue;
        }
        float q = chunk[row + label];
        sum -= q > UNDERFLOW ? Math.log(q) : logProbability(s, offset + row, classes, label);
        chunk[row + label] = q - 1f;
      }
      for (int i = 0; i < pixels * classes; i++) {
        chunk[i] *= factor;
      }
      g.position(offset).put(chunk, 0, pixels * classes);
    }
    return valid == 0 ? 0 : sum / valid;
  }

  private static long valid(byte[] labels, int classes) {
    long valid = 0;
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xFF;
      if (label != IGNORE) {
        if (label >= classes) {
          throw new IllegalArgumentException(
              "Cannot take the cross-entropy: expected labels 0 to %d or %d, found %d (pixel %d)"
                  .formatted(classes - 1, IGNORE, label, i));
        }
        valid++;
      }
    }
    return valid;
  }

  private static double logProbability(FloatPointer scores, long row, int classes, int label) {
    float[] values = new float[classes];
    scores.position(row).get(values);
    double max = Double.NEGATIVE_INFINITY;
    for (float v : values) {
      max = Math.max(max, v);
    }
    double sum = 0;
    for (float v : values) {
      sum += Math.exp(v - max);
    }
    return values[label] - max - Math.log(sum);
  }
}
