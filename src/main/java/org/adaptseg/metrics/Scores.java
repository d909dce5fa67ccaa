package org.adaptseg.metrics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Intersection over union per class and their mean, as fractions 0..1.
 *
 * @param iou per class, true positives / (true positives + false positives + false negatives); NaN
 *     for a class that neither labels nor predictions contain
 * @param miou mean over the classes counted that are not NaN (the published evaluation's {@code
 *     nanmean}: a class that is predicted though no pixel has it counts, with 0); NaN if there is
 *     none
 */
public record Scores(List<Double> iou, double miou) implements Serializable {
  public Scores {
    iou = List.copyOf(iou);
  }

  /**
   * The scores of a matrix. The IoU of a class is counted against all classes; the mean is over the
   * scored ones, and the IoU of the others is NaN.
   */
  public static Scores of(ConfusionMatrix matrix) {
    int classes = matrix.classes();
    List<Double> iou = new ArrayList<>();
    double sum = 0;
    int present = 0;
    for (int c = 0; c < classes; c++) {
      if (!matrix.scored().contains(c)) {
        iou.add(Double.NaN);
        continue;
      }
      long union = -matrix.count(c, c);
      for (int k = 0; k < classes; k++) {
        union += matrix.count(c, k) + matrix.count(k, c);
      }
      double value = union == 0 ? Double.NaN : (double) matrix.count(c, c) / union;
      iou.add(value);
      if (union != 0) {
        sum += value;
        present++;
      }
    }
    return new Scores(iou, present == 0 ? Double.NaN : sum / present);
  }
}
