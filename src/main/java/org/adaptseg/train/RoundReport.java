package org.adaptseg.train;

import java.io.Serializable;
import java.util.List;

/**
 * What one worker tells of a round besides its new state.
 *
 * @param iterations one entry per iteration, in order
 * @param stepSeconds time in the learning step
 * @param inputWaitSeconds time spent waiting for samples
 * @param samplesDecoded samples that were read and decoded, or drawn, rather than found in memory
 */
public record RoundReport(
    List<Iteration> iterations, double stepSeconds, double inputWaitSeconds, long samplesDecoded)
    implements Serializable {
  /** Losses of one global iteration as this worker saw them. */
  public record Iteration(long iteration, Losses losses) implements Serializable {}

  public RoundReport {
    iterations = List.copyOf(iterations);
  }
}
