package org.adaptseg.train;

import java.io.Serializable;
import org.adaptseg.nn.kernels.Device;

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
