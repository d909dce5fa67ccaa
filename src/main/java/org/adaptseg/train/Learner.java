package org.adaptseg.train;

import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Shard;

/**
 * One worker's learning: given a state, a plan and a shard it makes the plan's iterations. The
 * result is a pure function of these three and the configuration; what a learner keeps between
 * calls (networks, buffers, decoded samples) is a cache. Not thread-safe; used by one thread at a
 * time.
 */
public interface Learner extends AutoCloseable {
  /** Replaces parameters, optimiser state and running statistics. */
  void load(LearnerState state);

  /** Makes the plan's iterations on the shard's samples. */
  RoundReport run(RoundPlan plan, Shard shard);

  /**
   * As {@link #run(RoundPlan, Shard)}.
   *
   * @param iterationDone called after every iteration, by a thread of the learner's; a learner need
   *     not
   */
  default RoundReport run(RoundPlan plan, Shard shard, Runnable iterationDone) {
    return run(plan, shard);
  }

  /** A copy of the current state. */
  LearnerState state();

  @Override
  void close();
}
