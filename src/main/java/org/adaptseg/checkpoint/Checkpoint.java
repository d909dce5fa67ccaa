package org.adaptseg.checkpoint;

import org.adaptseg.config.Phase;
import org.adaptseg.train.LearnerState;

/**
 * Everything a run resumes from.
 *
 * @param iteration number of iterations made
 * @param phase phase of the last one
 * @param discriminatorSteps discriminator updates made
 * @param state the averaged state
 */
public record Checkpoint(
    long iteration, Phase phase, long discriminatorSteps, LearnerState state) {}
