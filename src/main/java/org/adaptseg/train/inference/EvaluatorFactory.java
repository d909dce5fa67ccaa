package org.adaptseg.train.inference;

import java.io.Serializable;
import org.adaptseg.nn.kernels.Device;
import org.adaptseg.train.LearnerState;

/** Makes evaluators of one split; shipped to the executors, so it holds configuration only. */
public interface EvaluatorFactory extends Serializable {
  /**
   * An evaluator with a state's parameters and running statistics.
   *
   * @param state not written to
   */
  Evaluator create(LearnerState state);

  /** As {@link #create(LearnerState)}, on a device that the calling thread keeps. */
  default Evaluator create(LearnerState state, Device device) {
    return create(state);
  }

  /** Number of images in the split. */
  int size();
}
