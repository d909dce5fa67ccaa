package org.adaptseg.train.inference;

import java.io.Serializable;
import org.adaptseg.train.LearnerState;

/** Makes predictors of one list of images; shipped to the executors. */
public interface PredictorFactory extends Serializable {
  /**
   * A predictor with a state's generator, on the calling thread's device.
   *
   * @param state not written to
   */
  Predictor create(LearnerState state);

  /** Number of images. */
  int size();
}
