package org.adaptseg.data.prediction;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How often each class was predicted with which confidence. Counts are whole numbers, so histograms
 * of parts of a split merge to that of the split, whatever the parts are.
 */
public final class ConfidenceHistogram implements Serializable {
  /** Steps between the confidences 0 and 1: those of {@code confidence-16}. */
  public static final int STEPS = 65_535;

  private static final long serialVersionUID = 1L;

  private final long[][] counts;

  /**
   * Without any pixel.
   *
   * @param classes number of classes
   */
  public ConfidenceHistogram(int classes) {
    counts = new long[classes][STEPS + 1];
  }

  /**
   * Counts a pixel.
   *
   * @param trainId its most likely class
   * @param confidence the probability of that, 0 to {@value #STEPS}
   */
  public void add(int trainId, int confidence) {
    counts[trainId][confidence]++;
  }

  /** Adds another's counts; returns this. */
  public ConfidenceHistogram merge(ConfidenceHistogram other) {
    for (int c = 0; c < counts.length; c++) {
      for (int i = 0; i <= STEPS; i++) {
        counts[c][i] += other.counts[c][i];
      }
    }
    return this;
  }

  /**
   * Class-balanced thresholds (Zou et al., "Unsupervised Domain Adaptation for Semantic
   * Segmentation via Class-Balanced Self-Training", ECCV 2018): of the pixels that are predicted as
   * a class, the portion with the highest confidence is kept. With N of them that is the confidence
   * at place ⌈portion·N⌉ from the top, so at least one pixel; pixels of equal confidence are kept
   * together.
   *
   * @param portion above 0, at most 1
   * @param names of the classes, by train id
   */
  public ClassThresholds thresholds(double portion, List<String> names) {
    if (!(portion > 0 && portion <= 1) || names.size() != counts.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot find thresholds: expected a portion above 0 and at most 1 and %d names, found"
                  + " %s and %d",
              counts.length,
              portion,
              names.size()));
    }
    List<ClassThresholds.Of> classes = new ArrayList<>();
    for (int c = 0; c < counts.length; c++) {
      classes.add(threshold(names.get(c), counts[c], portion));
    }
    return new ClassThresholds(portion, classes);
  }

  private static ClassThresholds.Of threshold(String name, long[] counts, double portion) {
    long pixels = 0;
    for (long count : counts) {
      pixels += count;
    }
    // In decimals, as a person means 0.07 of 100.
    long wanted =
        BigDecimal.valueOf(portion)
            .multiply(BigDecimal.valueOf(pixels))
            .setScale(0, RoundingMode.CEILING)
            .longValueExact();
    long kept = 0;
    int least = STEPS + 1;
    while (kept < wanted) {
      kept += counts[--least];
    }
    return new ClassThresholds.Of(name, pixels, kept, least);
  }
}
