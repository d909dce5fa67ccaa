package org.adaptseg.spark.round;

import java.util.ArrayList;
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
   * @param spread how far the workers are from it, by network: see {@link Spread}
   * @param reports of all workers, in their order
   */
  record Averaged(LearnerState mean, List<Double> spread, List<RoundReport> reports) {
    /** Adds up the sums of slices, in order. */
    static List<Double> sum(double[][] slices, TrainedRanges trained) {
      List<Double> sums = new ArrayList<>();
      for (int network = 0; network < trained.networks().size(); network++) {
        double sum = 0;
        for (double[] slice : slices) {
          sum += slice[network];
        }
        sums.add(sum);
      }
      return sums;
    }
  }

  /**
   * Lets all workers learn and averages their states: one Spark job.
   *
   * @param before what every worker begins with; not written to
   * @param learning what every worker does
   * @param trained what the spread is of
   * @param job names the job's stages
   */
  Averaged average(LearnerState before, WorkerRound learning, TrainedRanges trained, SparkJob job);

  /** Ends what is under way beside the rounds. */
  @Override
  default void close() {}
}
