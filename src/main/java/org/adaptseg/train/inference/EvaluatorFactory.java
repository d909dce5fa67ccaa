package org.adaptseg.train.inference;

import java.io.Serializable;
import org.adaptseg.train.LearnerState;

/** Makes evaluators of one split; shipped to the executors, so it holds configuration only. */
public interface EvaluatorFactory extends Serializable {
  /**
   * An evaluator with a state's parameters and running statistics.
   *
   * @param state not written to
   */
  Evaluator create(LearnerState state);

  /** Number of images in the split. */
  int size();
}
