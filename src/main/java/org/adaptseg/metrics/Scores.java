package org.adaptseg.metrics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The scores of a confusion matrix, as fractions 0..1. What would be 0/0 is NaN. A class that is
 * not scored has NaN; what is predicted as it still counts against the others.
 *
 * @param iou intersection over union per class, true positives / (true positives + false positives
 *     + false negatives); NaN for a class that neither labels nor predictions contain
 * @param miou mean over the classes counted that are not NaN (the published evaluation's {@code
 *     nanmean}: a class that is predicted though no pixel has it counts, with 0); NaN if there is
 *     none
 * @param precision per class, true positives / (true positives + false positives); NaN for a class
 *     that is never predicted
 * @param recall per class, true positives / (true positives + false negatives); NaN for a class
 *     that no label has
 * @param f1 per class, 2 · true positives / (2 · true positives + false positives + false
 *     negatives); NaN where the IoU is
 * @param pixelAccuracy share of the pixels of scored classes that are predicted right
 * @param frequencyWeightedIou mean of the IoUs, each with the weight of its class's labelled pixels
 * @param calibrationError see {@link Calibration#error}, over the pixels of scored classes; NaN
 *     where predictions came without probabilities
 */
public record Scores(
    List<Double> iou,
    double miou,
    List<Double> precision,
    List<Double> recall,
    List<Double> f1,
    double pixelAccuracy,
    double frequencyWeightedIou,
    double calibrationError)
    implements Serializable {
  public Scores {
    iou = List.copyOf(iou);
    precision = List.copyOf(precision);
    recall = List.copyOf(recall);
    f1 = List.copyOf(f1);
  }

  /** The scores of a matrix. */
  public static Scores of(ConfusionMatrix matrix) {
    return of(matrix.toArray(), matrix.scored(), matrix.calibration().error());
  }

  /**
   * The scores of counts.
   *
   * @param counts pixels, rows are truth
   * @param scored classes that are scored
   * @param calibrationError a fraction, or NaN
   */
  public static Scores of(long[][] counts, List<Integer> scored, double calibrationError) {
    int classes = counts.length;
    List<Double> iou = new ArrayList<>();
    List<Double> precision = new ArrayList<>();
    List<Double> recall = new ArrayList<>();
    List<Double> f1 = new ArrayList<>();
    double sum = 0;
    int present = 0;
    long all = 0;
    long right = 0;
    double weighted = 0;
    for (int c = 0; c < classes; c++) {
      boolean counted = scored.contains(c);
      long labelled = 0;
      long predicted = 0;
      for (int k = 0; k < classes; k++) {
        labelled += counts[c][k];
        predicted += counts[k][c];
      }
      long both = counts[c][c];
      long union = labelled + predicted - both;
      double value = ratio(counted, both, union);
      iou.add(value);
      precision.add(ratio(counted, both, predicted));
      recall.add(ratio(counted, both, labelled));
      f1.add(ratio(counted, 2 * both, labelled + predicted));
      if (counted && union != 0) {
        sum += value;
        present++;
        all += labelled;
        right += both;
        weighted += labelled * value;
      }
    }
    return new Scores(
        iou,
        present == 0 ? Double.NaN : sum / present,
        precision,
        recall,
        f1,
        ratio(true, right, all),
        all == 0 ? Double.NaN : weighted / all,
        calibrationError);
  }

  private static double ratio(boolean counted, long part, long whole) {
    return counted && whole != 0 ? (double) part / whole : Double.NaN;
  }
}
