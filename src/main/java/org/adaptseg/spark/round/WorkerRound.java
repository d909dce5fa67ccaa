package org.adaptseg.spark.round;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.adaptseg.engine.Device;
import org.adaptseg.spark.task.SparkTask;
import org.adaptseg.train.Learner;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Shard;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.util.LongAccumulator;

/**
 * What every worker does in a round, wherever its state comes from and goes to: load it, make the
 * iterations on its shard. Pure, so a second attempt ends with the same state.
 *
 * @param workers number of workers
 * @param layout the vectors that the new state must have
 * @param iterations counts the iterations made
 */
record WorkerRound(
    LearnerFactory factory,
    RoundPlan plan,
    int workers,
    StateLayout layout,
    LongAccumulator iterations)
    implements Serializable {
  /** A worker's new state and its report of the round. */
  record Learned(LearnerState state, RoundReport report) {}

  /** The workers' numbers, one a partition. */
  RDD<Integer> ids(JavaSparkContext context) {
    List<Integer> ids = IntStream.range(0, workers).boxed().toList();
    return context.parallelize(ids, workers).setName("workers").rdd();
  }

  /** The round of one worker, by a learner of this JVM, in a task of Spark. */
  Learned learn(int worker, LearnerState before) {
    Learned learned = SparkTask.run(device -> learn(worker, before, device));
    layout.require(learned.state(), "worker " + worker + ", round " + plan.round());
    return learned;
  }

  private Learned learn(int worker, LearnerState before, Device device) {
    try (LearnerPool.Lease lease = LearnerPool.borrow(factory, worker, device)) {
      Learner learner = lease.learner();
      learner.load(before);
      RoundReport report = learner.run(plan, new Shard(worker, workers), () -> iterations.add(1));
      LearnerState after = learner.state();
      lease.giveBack();
      return new Learned(after, report);
    }
  }
}
