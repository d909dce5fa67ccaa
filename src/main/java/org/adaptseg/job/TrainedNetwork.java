package org.adaptseg.job;

import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.train.LearnerState;

/**
 * A trained network.
 *
 * @param state with the generator's parameters at least
 * @param iteration iterations made; 0 where that is not known
 * @param title what it is, for a person
 */
public record TrainedNetwork(LearnerState state, long iteration, String title) {
  /** The network of a checkpoint. */
  public static TrainedNetwork of(Checkpoint checkpoint) {
    long iteration = checkpoint.iteration();
    return new TrainedNetwork(checkpoint.state(), iteration, "iteration " + iteration);
  }
}
