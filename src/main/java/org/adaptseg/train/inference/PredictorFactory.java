package org.adaptseg.train.inference;

import java.io.Serializable;
import org.adaptseg.nn.kernels.Device;
import org.adaptseg.train.LearnerState;

/** Makes predictors of one list of images; shipped to the executors. */
public interface PredictorFactory extends Serializable {
  /**
   * A predictor with a state's generator, on a device that the calling thread keeps.
   *
   * @param state not written to
   */
  Predictor create(LearnerState state, Device device);

  /** Number of images. */
  int size();
}
