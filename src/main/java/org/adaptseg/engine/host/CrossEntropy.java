package org.adaptseg.engine.host;

import java.util.List;
import java.util.Locale;
import org.adaptseg.engine.Losses;
import org.bytedeco.javacpp.FloatPointer;

/** {@link Losses#crossEntropy} over rows in memory. */
public final class CrossEntropy {
  private static final int CHUNK_PIXELS = 4096;

  /** Below this, the probability is recomputed from the scores. */
  private static final float UNDERFLOW = 1e-30f;

  private CrossEntropy() {}

  /**
   * Loss, and its gradient with respect to the scores.
   *
   * @param gradient overwritten; may be {@code scores}
   * @throws IllegalArgumentException for a label that is neither a class nor ignored
   */
  public static double at(
      Rows scores,
      Rows probabilities,
      byte[] labels,
      double weight,
      List<Float> classWeights,
      Rows gradient) {
    int classes = scores.channels();
    float[] ofClass = ofClasses(classes, classWeights);
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

    Chunk(Rows scores, Rows probabilities, Rows gradient, byte[] labels, float[] ofClass) {
      this.scores = new FloatPointer(scores.values());
      this.probabilities = new FloatPointer(probabilities.values());
      this.gradient = new FloatPointer(gradient.values());
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
        if (label == Losses.IGNORE) {
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

  /** The weight of each class: those given, or 1 where none are. */
  public static float[] ofClasses(int classes, List<Float> classWeights) {
    float[] ofClass = new float[classes];
    for (int c = 0; c < classes; c++) {
      ofClass[c] = classWeights.isEmpty() ? 1f : classWeights.get(c);
    }
    return ofClass;
  }

  /**
   * Sum of the weights of all pixels that are not ignored.
   *
   * @throws IllegalArgumentException for a label that is neither a class nor ignored
   */
  public static double valid(byte[] labels, float[] ofClass) {
    int classes = ofClass.length;
    double valid = 0;
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xFF;
      if (label != Losses.IGNORE) {
        if (label >= classes) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "Cannot take the cross-entropy: expected labels 0 to %d or %d, found %d (pixel %d)",
                  classes - 1,
                  Losses.IGNORE,
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
