package org.adaptseg.train;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * What one worker reports of a round besides its new state.
 *
 * @param iterations one entry per iteration that was made, in order
 * @param skipped iterations that this worker left out because a number was not finite, in order
 * @param stopped whether the last of them ended the worker's round; its state is not to be used
 * @param stepSeconds time in the learning step
 * @param inputWaitSeconds time spent waiting for samples
 * @param samplesDecoded samples that were read and decoded, or drawn, rather than found in memory
 */
public record RoundReport(
    List<Iteration> iterations,
    List<Skipped> skipped,
    boolean stopped,
    double stepSeconds,
    double inputWaitSeconds,
    long samplesDecoded,
    String computation)
    implements Serializable {
  /** Losses of one global iteration as this worker saw them. */
  public record Iteration(long iteration, Losses losses) implements Serializable {}

  /**
   * An iteration that left nothing behind.
   *
   * @param iteration global iteration
   * @param what which number was not finite
   * @param samples the samples it was computed from
   */
  public record Skipped(long iteration, String what, String samples) implements Serializable {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%s is not finite (iteration %d, samples %s)", what, iteration, samples);
    }
  }

  /** The report of a round without such iterations. */
  public RoundReport(
      List<Iteration> iterations,
      double stepSeconds,
      double inputWaitSeconds,
      long samplesDecoded) {
    this(iterations, List.of(), false, stepSeconds, inputWaitSeconds, samplesDecoded, "");
  }

  public RoundReport {
    iterations = List.copyOf(iterations);
    skipped = List.copyOf(skipped);
  }
}
