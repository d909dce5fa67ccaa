package org.adaptseg.train;

import java.io.Serializable;
import org.adaptseg.nn.backend.Device;

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

  /** The state that a run starts from; a function of the configuration and the seed. */
  LearnerState initialState();

  /**
   * Two factories with equal keys make interchangeable learners; executors cache learners by it.
   */
  String cacheKey();
}
