package org.adaptseg.train;

import java.io.Serializable;
import org.adaptseg.engine.Device;

/** Makes learners; shipped to the executors, so it holds configuration only. */
public interface LearnerFactory extends Serializable {
  /** A learner ready for {@link Learner#load}. Expensive; executors keep what they make. */
  Learner create();

  /**
   * A learner that computes on a device from its making to its end.
   *
   * @throws IllegalStateException if this process cannot compute on it
   */
  default Learner create(Device device) {
    return create();
  }

  /** Whether workers may compute in and with different things, so that results depend on chance. */
  default boolean workersMayDiffer() {
    return false;
  }

  /** The state that a run starts from; a function of the configuration and the seed. */
  LearnerState initialState();

  /** Which values of a state are trained, for what is said of them; nothing where not known. */
  default TrainedValues trained() {
    return TrainedValues.NONE;
  }

  /**
   * Two factories with equal keys make interchangeable learners; executors cache learners by it.
   */
  String cacheKey();
}
