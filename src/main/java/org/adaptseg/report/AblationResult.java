package org.adaptseg.report;

import java.util.List;

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
    double miou) {}
