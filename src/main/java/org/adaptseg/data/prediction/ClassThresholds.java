package org.adaptseg.data.prediction;

import java.io.Serializable;
import java.util.List;

/**
 * How sure a pixel's prediction must be to become a label, by class.
 *
 * @param portion of each class' pixels that are to be kept, above 0 and at most 1
 * @param classes by train id
 */
public record ClassThresholds(double portion, List<Of> classes) implements Serializable {
  /**
   * One class.
   *
   * @param name of the class
   * @param pixels that were predicted as the class
   * @param kept pixels of these that are sure enough; more than the portion where confidences are
   *     equal
   * @param least the least confidence that is kept, in 1/{@value ConfidenceHistogram#STEPS}; one
   *     step above all where no pixel was predicted
   */
  public record Of(String name, long pixels, long kept, int least) implements Serializable {}

  public ClassThresholds {
    classes = List.copyOf(classes);
  }

  /**
   * Whether a pixel becomes a label.
   *
   * @param trainId its most likely class
   * @param confidence the probability of that, in 1/{@value ConfidenceHistogram#STEPS}
   */
  boolean keep(int trainId, int confidence) {
    return confidence >= classes.get(trainId).least();
  }
}
