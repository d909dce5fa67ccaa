package org.adaptseg.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.adaptseg.config.Phase;
import org.adaptseg.train.Learner;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.LearnerState.Vector;
import org.adaptseg.train.Losses;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.TrainedValues;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Shard;

/**
 * A small learner: a linear model fitted by momentum SGD to samples drawn by position, and in the
 * adversarial phase a second vector whose step depends on the number of steps before, as Adam's.
 */
public final class LinearLearner implements Learner {
  private final long seed;
  private float[] weights;
  private float[] velocity;
  private float[] critic;

  private LinearLearner(long seed) {
    this.seed = seed;
  }

  /**
   * Makes these learners.
   *
   * @param size number of weights
   */
  public record Factory(long seed, int size) implements LearnerFactory {
    @Override
    public Learner create() {
      return new LinearLearner(seed);
    }

    @Override
    public LearnerState initialState() {
      SplittableRandom random = new SplittableRandom(seed);
      float[] weights = new float[size];
      for (int i = 0; i < size; i++) {
        weights[i] = (float) (random.nextDouble() - 0.5);
      }
      return new LearnerState(
          List.of(
              new Vector("generator.parameters", weights),
              new Vector("generator.velocity", new float[size]),
              new Vector("discriminator-main.parameters", new float[] {0.5f, -0.0f, 0.25f})));
    }

    @Override
    public TrainedValues trained() {
      return new TrainedValues(
          List.of(network("generator", size), network("discriminator-main", 1)));
    }

    private static TrainedValues.Network network(String name, long trained) {
      return new TrainedValues.Network(
          name, name + ".parameters", List.of(new TrainedValues.Range(0, trained)));
    }

    @Override
    public String cacheKey() {
      return "linear " + seed + " " + size;
    }
  }

  @Override
  public void load(LearnerState state) {
    weights = state.vectors().get(0).values().clone();
    velocity = state.vectors().get(1).values().clone();
    critic = state.vectors().get(2).values().clone();
  }

  @Override
  public RoundReport run(RoundPlan plan, Shard shard) {
    List<RoundReport.Iteration> iterations = new ArrayList<>();
    for (int i = 0; i < plan.iterations(); i++) {
      long iteration = plan.firstIteration() + i;
      double loss = step(iteration * shard.workers() + shard.worker());
      LossTerms terms = new LossTerms().main(Losses.SEGMENTATION, loss);
      if (plan.phase() == Phase.ADVERSARIAL) {
        long steps = plan.discriminatorSteps() + i + 1;
        critic[0] += (float) (0.01 / steps * weights[0]);
        critic[2] = (float) (0.9 * critic[2] + 0.1 * loss);
        terms.main(Losses.ADVERSARIAL, critic[0] / 2).main(Losses.DISCRIMINATOR, critic[0]);
      }
      iterations.add(new RoundReport.Iteration(iteration, terms.losses()));
    }
    return new RoundReport(iterations, 0.25, 0.125, plan.iterations());
  }

  private double step(long position) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + position);
    float[] x = new float[weights.length];
    float prediction = 0;
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (2 * random.nextDouble() - 1);
      prediction += x[i] * weights[i];
    }
    float error = prediction - x[0] + 0.5f * x[x.length - 1];
    for (int i = 0; i < x.length; i++) {
      velocity[i] = 0.9f * velocity[i] + error * x[i] / x.length;
      weights[i] -= 0.05f * velocity[i];
    }
    return 0.5 * error * error;
  }

  @Override
  public LearnerState state() {
    return new LearnerState(
        List.of(
            new Vector("generator.parameters", weights.clone()),
            new Vector("generator.velocity", velocity.clone()),
            new Vector("discriminator-main.parameters", critic.clone())));
  }

  @Override
  public void close() {}
}
