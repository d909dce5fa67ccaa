package org.adaptseg.spark.round;

import java.util.List;
import org.adaptseg.spark.task.SparkJob;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundReport;

/**
 * How the workers of a round get its state and what makes the mean of theirs. All ways give the
 * same bits: the rule is {@link SliceMean}'s.
 */
sealed interface Averaging extends AutoCloseable permits ShuffleAveraging, MemoryAveraging {
  /**
   * What a round made.
   *
   * @param mean the mean of the workers' states
   * @param reports of all workers, in their order
   */
  record Averaged(LearnerState mean, List<RoundReport> reports) {}

  /**
   * Lets all workers learn and averages their states: one Spark job.
   *
   * @param before what every worker begins with; not written to
   * @param learning what every worker does
   * @param job names the job's stages
   */
  Averaged average(LearnerState before, WorkerRound learning, SparkJob job);

  /** Ends what is under way beside the rounds. */
  @Override
  default void close() {}
}
