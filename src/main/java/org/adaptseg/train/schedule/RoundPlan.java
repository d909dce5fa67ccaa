package org.adaptseg.train.schedule;

import java.io.Serializable;
import org.adaptseg.config.Phase;

/**
 * What every worker does between two averagings: {@code iterations} iterations of one phase.
 *
 * @param round round number from 0
 * @param phase what each iteration does
 * @param firstIteration global iteration number, from 0, of the round's first iteration
 * @param iterations number of iterations, at least 1
 * @param discriminatorSteps discriminator updates made before this round (Adam's step count)
 */
public record RoundPlan(
    int round, Phase phase, long firstIteration, int iterations, long discriminatorSteps)
    implements Serializable {
  public RoundPlan {
    if (iterations < 1 || firstIteration < 0 || discriminatorSteps < 0 || round < 0) {
      throw new IllegalArgumentException(
          "Cannot plan round "
              + round
              + ": expected at least one iteration from 0 on, found "
              + iterations
              + " from "
              + firstIteration);
    }
  }

  /** The iteration after the round's last one. */
  public long endIteration() {
    return firstIteration + iterations;
  }

  /** Discriminator updates made after this round: one an iteration of a phase that has them. */
  public long endDiscriminatorSteps() {
    return discriminatorSteps + (phase.discriminators() ? iterations : 0);
  }
}
