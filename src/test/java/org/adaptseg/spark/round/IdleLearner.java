package org.adaptseg.spark.round;

import java.util.List;
import java.util.SplittableRandom;
import org.adaptseg.train.Learner;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.LearnerState.Vector;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Shard;

/** A learner that leaves the state as it comes. */
final class IdleLearner implements Learner {
  private LearnerState state;

  /** A state of two vectors, of values that no compression makes smaller. */
  static LearnerState randomState(int parameters) {
    return new LearnerState(
        List.of(
            new Vector("generator.parameters", random(parameters, 1)),
            new Vector("generator.velocity", random(parameters, 2))));
  }

  private static float[] random(int parameters, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[parameters];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble() - 0.5f;
    }
    return values;
  }

  @Override
  public void load(LearnerState loaded) {
    state = loaded;
  }

  @Override
  public LearnerState state() {
    return state;
  }

  @Override
  public RoundReport run(RoundPlan plan, Shard shard) {
    return new RoundReport(List.of(), 0, 0, 0);
  }

  @Override
  public void close() {}
}
