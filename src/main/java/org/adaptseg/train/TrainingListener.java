package org.adaptseg.train;

import java.util.List;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.train.schedule.RoundPlan;

/**
 * Receives the events of a run, on the driver, in order, by the thread that runs it; a round waits
 * until every listener has returned. Only how far a round or an evaluation is comes by another
 * thread, and never once it has ended. After a resume, a listener receives again what happened
 * after the checkpoint, with the same values, and of the evaluation at the checkpoint if one is due
 * there.
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
   * The first round of this process has ended; called before its {@link #onRound}.
   *
   * @param computation what the workers compute in and with, for a person; where they may differ,
   *     all kinds
   */
  default void onComputation(String computation) {}

  /**
   * A round is under way.
   *
   * @param iterations that its workers have made, on average; from 0 to {@code plan.iterations()}
   */
  default void onRoundProgress(RoundPlan plan, double iterations) {}

  /**
   * A round has ended.
   *
   * @param losses one entry per iteration, averaged over the workers; none for an iteration that
   *     all of them left out
   */
  default void onRound(RoundPlan plan, List<RoundReport.Iteration> losses, RoundTimings timings) {}

  /**
   * The state after {@code iteration} iterations is about to be saved. A run may resume there, so
   * what must not be missing then is made durable here; a failure keeps the state from being saved.
   */
  default void beforeCheckpoint(long iteration) {}

  /**
   * The state after {@code iteration} iterations is going to be evaluated.
   *
   * @param images number of images of the split
   * @param state not to be written to
   */
  default void onEvaluationStart(long iteration, int images, LearnerState state) {}

  /** {@code images} images of the evaluation are done. */
  default void onEvaluationProgress(long iteration, long images) {}

  /**
   * Workers left iterations of a round out because a number was not finite; called before {@link
   * #onRound}.
   *
   * @param skipped by worker, then by iteration; at least one
   */
  default void onSkipped(RoundPlan plan, List<RoundReport.Skipped> skipped) {}

  /** The state after {@code iteration} iterations was evaluated. */
  default void onEvaluation(long iteration, ConfusionMatrix matrix) {}

  /** The state after {@code iteration} iterations was saved. */
  default void onCheckpoint(long iteration, String location) {}

  /** The run has ended well. */
  default void onEnd(long iteration) {}

  /**
   * The run ends by a failure, which its caller gets to see; {@link #onEnd} is not called.
   *
   * @param failure also one of a listener
   */
  default void onFailure(Throwable failure) {}
}
