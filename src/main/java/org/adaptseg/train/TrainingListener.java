package org.adaptseg.train;

import java.util.List;
import org.adaptseg.metrics.ConfusionMatrix;

/**
 * Is told what a run does, on the driver, in order, by the thread that runs it; a round waits until
 * every listener has returned. After a resume, a listener is told again of what happened after the
 * checkpoint, with the same values, and of the evaluation at the checkpoint if one is due there.
 */
public interface TrainingListener {
  /**
   * The run begins or resumes.
   *
   * @param iteration iterations already made
   * @param totalIterations iterations of the whole run
   * @param notes what a person should know of the checkpoints found
   */
  default void onStart(long iteration, long totalIterations, List<String> notes) {}

  /**
   * A round has ended.
   *
   * @param losses one entry per iteration, averaged over the workers
   */
  default void onRound(RoundPlan plan, List<RoundReport.Iteration> losses, RoundTimings timings) {}

  /** The state after {@code iteration} iterations was evaluated. */
  default void onEvaluation(long iteration, ConfusionMatrix matrix) {}

  /** The state after {@code iteration} iterations was saved. */
  default void onCheckpoint(long iteration, String location) {}

  /** The run has ended well. */
  default void onEnd(long iteration) {}
}
