package org.adaptseg.metrics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pixel counts by true class (row) and predicted class (column) and, where probabilities came with
 * the predictions, how sure they were. Mutable while it counts; belongs to one thread. Matrices of
 * parts of a split merge to the matrix of the whole in any order.
 */
public final class ConfusionMatrix implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int classes;
  private final int ignore;
  private final List<Integer> scored;
  private final long[] counts;
  private final Calibration calibration = new Calibration();

  /**
   * An empty matrix.
   *
   * @param classes 1..255
   * @param ignore the true label that is not counted, outside 0..classes-1
   */
  public ConfusionMatrix(int classes, int ignore) {
    this(classes, ignore, IntStream.range(0, classes).boxed().toList());
  }

  /**
   * An empty matrix some of whose classes are scored; all are counted.
   *
   * @param scored classes that scores are averaged over
   */
  public ConfusionMatrix(int classes, int ignore, List<Integer> scored) {
    if (classes < 1 || classes > 255 || (ignore >= 0 && ignore < classes)) {
      throw new IllegalArgumentException(
          "Cannot count: expected 1..255 classes and an ignored label that is none of them, found "
              + classes
              + " classes, ignored label "
              + ignore);
    }
    this.classes = classes;
    this.ignore = ignore;
    // Kryo writes no lists of List.of.
    this.scored = new ArrayList<>(scored);
    this.counts = new long[classes * classes];
  }

  /** An empty matrix that ignores the true label 255. */
  public ConfusionMatrix(int classes) {
    this(classes, 255);
  }

  /** An empty matrix of the same kind. */
  public ConfusionMatrix emptied() {
    return new ConfusionMatrix(classes, ignore, scored);
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }

  /** The label that is not counted. */
  public int ignore() {
    return ignore;
  }

  /** The classes that scores are averaged over. */
  public List<Integer> scored() {
    return List.copyOf(scored);
  }

  /** Pixels of class {@code truth} that were predicted as {@code predicted}. */
  public long count(int truth, int predicted) {
    return counts[truth * classes + predicted];
  }

  /** Pixels counted so far. */
  public long total() {
    return Arrays.stream(counts).sum();
  }

  /**
   * Counts pixels, and the probabilities of those whose true class is scored.
   *
   * @param truth unsigned bytes, a class or the ignored label
   * @param predicted unsigned bytes, a class each where truth is not ignored
   * @param probabilities of the predicted classes, 0..1; NaN where one is not known, which then
   *     does not count
   */
  public void add(byte[] truth, byte[] predicted, float[] probabilities) {
    if (probabilities.length != truth.length) {
      throw new IllegalArgumentException(
          "Cannot count: expected as many probabilities as labels, found "
              + probabilities.length
              + " for "
              + truth.length);
    }
    add(truth, predicted);
    boolean[] counted = new boolean[classes];
    scored.forEach(c -> counted[c] = true);
    for (int i = 0; i < truth.length; i++) {
      int t = truth[i] & 0xFF;
      if (t != ignore && counted[t] && !Float.isNaN(probabilities[i])) {
        calibration.add(probabilities[i], truth[i] == predicted[i]);
      }
    }
  }

  /**
   * Counts pixels whose predictions come without probabilities.
   *
   * @param truth unsigned bytes, a class or the ignored label
   * @param predicted unsigned bytes, a class each where truth is not ignored
   */
  public void add(byte[] truth, byte[] predicted) {
    if (truth.length != predicted.length) {
      throw new IllegalArgumentException(
          "Cannot count: expected as many predictions as labels, found "
              + predicted.length
              + " for "
              + truth.length);
    }
    // Checked first, so that a refused image leaves no counts behind.
    for (int i = 0; i < truth.length; i++) {
      int t = truth[i] & 0xFF;
      int p = predicted[i] & 0xFF;
      if (t != ignore && (t >= classes || p >= classes)) {
        throw unknown(t + ", prediction " + p, i);
      }
    }
    for (int i = 0; i < truth.length; i++) {
      int t = truth[i] & 0xFF;
      if (t != ignore) {
        counts[t * classes + (predicted[i] & 0xFF)]++;
      }
    }
  }

  /** Names the first label that is neither a class nor the ignored one; there must be one. */
  public IllegalArgumentException unknownLabel(byte[] truth) {
    int i = 0;
    while ((truth[i] & 0xFF) == ignore || (truth[i] & 0xFF) < classes) {
      i++;
    }
    return unknown(String.valueOf(truth[i] & 0xFF), i);
  }

  private IllegalArgumentException unknown(String label, int pixel) {
    return new IllegalArgumentException(
        "Cannot count: expected classes 0.."
            + (classes - 1)
            + " or the ignored label "
            + ignore
            + ", found label "
            + label
            + " (pixel "
            + pixel
            + ")");
  }

  /**
   * Adds pixels that were counted elsewhere, as {@link #add(byte[], byte[], float[])} counts.
   *
   * @param pixels classes² of them, by label and then by prediction
   * @param sure {@link Calibration#BINS} numbers of pixels with a probability, by the bin of {@code
   *     (int) (probability · BINS)}, of those that were right, and sums of their probabilities in
   *     {@link Calibration#UNIT}ths
   */
  public void add(long[] pixels, long[] sure) {
    if (pixels.length != counts.length || sure.length != Calibration.COUNTS) {
      throw new IllegalArgumentException(
          "Cannot count: expected "
              + counts.length
              + " and "
              + Calibration.COUNTS
              + " counts, found "
              + pixels.length
              + " and "
              + sure.length);
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] += pixels[i];
    }
    calibration.add(sure);
  }

  /** Adds the counts of another matrix of the same classes; returns this. */
  public ConfusionMatrix merge(ConfusionMatrix other) {
    if (other.classes != classes || other.ignore != ignore || !other.scored.equals(scored)) {
      throw new IllegalArgumentException(
          "Cannot merge confusion matrices: expected "
              + classes
              + " classes ignoring "
              + ignore
              + ", found "
              + other.classes
              + " ignoring "
              + other.ignore);
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    calibration.merge(other.calibration);
    return this;
  }

  /** How sure the predictions were; empty where they came without probabilities. */
  public Calibration calibration() {
    return calibration;
  }

  /** A copy of the counts, rows are truth. */
  public long[][] toArray() {
    long[][] rows = new long[classes][];
    for (int t = 0; t < classes; t++) {
      rows[t] = Arrays.copyOfRange(counts, t * classes, (t + 1) * classes);
    }
    return rows;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof ConfusionMatrix other
        && classes == other.classes
        && ignore == other.ignore
        && scored.equals(other.scored)
        && Arrays.equals(counts, other.counts)
        && calibration.equals(other.calibration);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * classes + ignore) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return Arrays.deepToString(toArray());
  }
}
