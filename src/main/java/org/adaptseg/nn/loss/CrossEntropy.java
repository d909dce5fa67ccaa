package org.adaptseg.nn.loss;

import java.util.List;
import java.util.Locale;
import org.adaptseg.nn.parallel.Ranges;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pixel-wise cross-entropy, mean over the pixels whose label is not ignored; eq. (3) of the paper.
 * With class weights the mean is weighted, Σ w_y l / Σ w_y, as PyTorch's is. An image of ignored
 * pixels alone has loss 0 and gradient 0.
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
   * @param classWeights one per class, at least 0, or empty where all are 1
   * @param gradient [pixels, C], overwritten; may be {@code scores}
   * @throws IllegalArgumentException for a label that is neither a class nor 255
   */
  public static double at(
      INDArray scores,
      INDArray probabilities,
      byte[] labels,
      double weight,
      List<Float> classWeights,
      INDArray gradient) {
    int classes = (int) scores.size(1);
    float[] ofClass = new float[classes];
    for (int c = 0; c < classes; c++) {
      ofClass[c] = classWeights.isEmpty() ? 1f : classWeights.get(c);
    }
    double valid = valid(labels, ofClass);
    float factor = valid == 0 ? 0f : (float) (weight / valid);
    int chunks = (labels.length + CHUNK_PIXELS - 1) / CHUNK_PIXELS;
    double[] sums = new double[chunks];
    Ranges.forEach(
        chunks,
        () -> new Chunk(scores, probabilities, gradient, labels, ofClass),
        (chunk, i) -> sums[i] = chunk.compute(i * CHUNK_PIXELS, factor));
    double sum = 0;
    for (double part : sums) {
      sum += part;
    }
    return valid == 0 ? 0 : sum / valid;
  }

  /** Some pixels at a time, in an array that stays in the cache. */
  private static final class Chunk {
    private final FloatPointer scores;
    private final FloatPointer probabilities;
    private final FloatPointer gradient;
    private final byte[] labels;
    private final float[] ofClass;
    private final int classes;
    private final float[] values;

    Chunk(
        INDArray scores,
        INDArray probabilities,
        INDArray gradient,
        byte[] labels,
        float[] ofClass) {
      this.scores = new FloatPointer(scores.data().addressPointer());
      this.probabilities = new FloatPointer(probabilities.data().addressPointer());
      this.gradient = new FloatPointer(gradient.data().addressPointer());
      this.labels = labels;
      this.ofClass = ofClass;
      this.classes = ofClass.length;
      this.values = new float[CHUNK_PIXELS * classes];
    }

    /** Writes the gradient of these pixels; returns the sum of their losses. */
    double compute(int from, float factor) {
      int pixels = Math.min(CHUNK_PIXELS, labels.length - from);
      long offset = (long) from * classes;
      probabilities.position(offset).get(values, 0, pixels * classes);
      double sum = 0;
      for (int i = 0; i < pixels; i++) {
        int label = labels[from + i] & 0xFF;
        int row = i * classes;
        if (label == IGNORE) {
          java.util.Arrays.fill(values, row, row + classes, 0f);
          continue;
        }
        float q = values[row + label];
        double log =
            q > UNDERFLOW ? Math.log(q) : logProbability(scores, offset + row, classes, label);
        sum -= ofClass[label] * log;
        values[row + label] = q - 1f;
        if (ofClass[label] != 1f) {
          for (int c = row; c < row + classes; c++) {
            values[c] *= ofClass[label];
          }
        }
      }
      for (int i = 0; i < pixels * classes; i++) {
        values[i] *= factor;
      }
      gradient.position(offset).put(values, 0, pixels * classes);
      return sum;
    }
  }

  /** As above with all classes of one weight. */
  public static double at(
      INDArray scores, INDArray probabilities, byte[] labels, double weight, INDArray gradient) {
    return at(scores, probabilities, labels, weight, List.of(), gradient);
  }

  /** Sum of the weights of all pixels that are not ignored. */
  private static double valid(byte[] labels, float[] ofClass) {
    int classes = ofClass.length;
    double valid = 0;
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xFF;
      if (label != IGNORE) {
        if (label >= classes) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "Cannot take the cross-entropy: expected labels 0 to %d or %d, found %d (pixel %d)",
                  classes - 1,
                  IGNORE,
                  label,
                  i));
        }
        valid += ofClass[label];
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
