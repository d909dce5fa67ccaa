package org.adaptseg.report;

import java.util.List;
import java.util.Objects;

/**
 * The score of one finished run of an ablation.
 *
 * @param run name of the variant
 * @param seed the run's seed
 * @param configuration hash of the effective configuration
 * @param classes class names
 * @param iou per class, fractions; null where there is none
 * @param miou fraction
 */
public record AblationResult(
    String run,
    long seed,
    String configuration,
    List<String> classes,
    List<Double> iou,
    double miou) {
  /**
   * The mean IoU of some classes; those without one are left out.
   *
   * @throws IllegalArgumentException if there is no such class
   */
  public double miou(List<String> some) {
    if (!classes.containsAll(some)) {
      throw new IllegalArgumentException(
          "Cannot average over classes: expected some of %s, found %s".formatted(classes, some));
    }
    return some.stream()
        .map(name -> iou.get(classes.indexOf(name)))
        .filter(Objects::nonNull)
        .mapToDouble(v -> v)
        .average()
        .orElse(Double.NaN);
  }
}
