package org.adaptseg.spark.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.Phase;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.Mixture;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.testing.SharedSpark;
import org.adaptseg.train.AdaptationLearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.schedule.RoundPlan;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Averaging after every iteration is accumulation: momentum SGD is linear in the gradient, so the
 * mean of N workers' parameters and momentum is what one worker gets from the mean gradient of
 * their N samples. Real networks on synthetic streets, source only.
 */
class AccumulationControlTest {
  @RegisterExtension static final SharedSpark SPARK = new SharedSpark("local[2]");

  private static final int WORKERS = 3;
  private static final int ROUNDS = 3;

  @Test
  void workersThatAverageEveryIterationEqualOneThatAccumulatesTheirSamples() throws Exception {
    LearnerState many;
    LearnerState one;
    LocalSpark spark = SPARK.get();
    many = train(spark, WORKERS, 1);
    one = train(spark, 1, WORKERS);
    LearnerState initial = factory(WORKERS, 1).initialState();
    for (String name : List.of("generator.parameters", "generator.velocity")) {
      // Running statistics follow a rule of their own, see below; the optimiser never moves them.
      double distance = distance(trainedValues(many, name), trainedValues(one, name));
      double moved = distance(trainedValues(many, name), trainedValues(initial, name));
      assertThat(moved).as("%s moved", name).isGreaterThan(1e-2);
      assertThat(distance).as(name).isLessThan(2e-5 * moved);
    }
  }

  /**
   * One worker moves its running statistics N times an iteration, r ← 0.9 r + 0.1 s_i, so after the
   * first of N samples it keeps 0.9^N of the start; N workers move once each and keep 0.9 of it in
   * the mean. A running mean that starts at 0 shows both: Σ 0.1·0.9^(N−1−i)·s_i against mean
   * 0.1·s_i.
   */
  @Test
  void runningStatisticsOfOneIterationFollowTheirOwnRule() throws Exception {
    double[] first;
    double[] second;
    double[] averaged;
    double[] accumulated;
    LocalSpark spark = SPARK.get();
    averaged = runningMeans(round(spark, factory(2, 1), 2));
    accumulated = runningMeans(round(spark, factory(1, 2), 1));
    first = runningMeans(round(spark, factory(1, 1), 1));
    second = new double[first.length];
    for (int i = 0; i < first.length; i++) {
      // first = 0.1·s_0 and averaged = (0.1·s_0 + 0.1·s_1) / 2
      second[i] = 2 * averaged[i] - first[i];
      assertThat(accumulated[i])
          .isCloseTo(0.9 * first[i] + second[i], within(1e-5 * (1 + Math.abs(second[i]))));
    }
    assertThat(averaged).isNotEqualTo(accumulated);
  }

  private static RunConfig config(int workers, int iterSize) {
    return ConfigLoader.load(
        """
        run: {name: accumulation, seed: 5}
        schedule: {phases: [{phase: source-only, iterations: 10}]}
        output: {dir: unused}
        data:
          classes: synthetic-8
          source: {dataset: synthetic-source, split: train, width: 64, height: 32}
          target: {dataset: synthetic-target, split: train, width: 64, height: 32}
          evaluation: {dataset: synthetic-target, split: val, width: 64, height: 32}
        model: {layers: [1, 1, 1, 1], base-width: 8, head-rates: [1, 2], discriminator-width: 8}
        optimizer:
          generator: {learning-rate: 0.01}
          decay: {total-iterations: 100}
          iter-size: %d
        cluster: {workers: %d, scaling: work, averaging-interval: 1, threads-per-worker: 1}
        """
            .formatted(iterSize, workers),
        "the test",
        List.of());
  }

  private static AdaptationLearnerFactory factory(int workers, int iterSize) throws Exception {
    RunConfig config = config(workers, iterSize);
    ResolvedData data = ResolvedData.of(config.data());
    Configuration hadoop = new Configuration(false);
    return new AdaptationLearnerFactory(
        config,
        data.classes().names(),
        split(data, data.source().get(0), config.data().source().get(0), config, hadoop),
        split(data, data.target().get(0), config.data().target().get(0), config, hadoop),
        new HadoopSettings(hadoop));
  }

  private static Mixture split(
      ResolvedData data,
      org.adaptseg.config.data.DatasetDescription description,
      RunConfig.Domain domain,
      RunConfig config,
      Configuration hadoop)
      throws Exception {
    return Mixture.of(
        "split",
        SplitPlan.prepare(
            description,
            domain,
            data.classes(),
            SplitPlan.Labels.UNUSED,
            config.run().seed(),
            config.data().maxPixels(),
            Normalisation.CAFFE,
            hadoop));
  }

  private static LearnerState train(LocalSpark spark, int workers, int iterSize) throws Exception {
    AdaptationLearnerFactory factory = factory(workers, iterSize);
    LearnerState state = factory.initialState();
    try (RoundRunner runner =
        new RoundRunner(spark.context(), factory, workers, Slicing.exactly(4))) {
      for (int round = 0; round < ROUNDS; round++) {
        state = runner.run(state, new RoundPlan(round, Phase.SOURCE_ONLY, round, 1, 0), "").state();
      }
    }
    return state;
  }

  private static LearnerState round(
      LocalSpark spark, AdaptationLearnerFactory factory, int workers) {
    try (RoundRunner runner =
        new RoundRunner(spark.context(), factory, workers, Slicing.exactly(4))) {
      RoundPlan plan = new RoundPlan(0, Phase.SOURCE_ONLY, 0, 1, 0);
      return runner.run(factory.initialState(), plan, "one iteration").state();
    }
  }

  // The stem comes first: its weight, then scale, shift, running mean and running variance.
  private static final int STEM_WEIGHTS = 8 * 3 * 7 * 7;
  private static final int WIDTH = 8;

  private static double[] runningMeans(LearnerState state) {
    float[] all = state.values("generator.parameters");
    double[] means = new double[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      means[i] = all[STEM_WEIGHTS + 2 * WIDTH + i];
    }
    assertThat(distance(means, new double[WIDTH])).isGreaterThan(0.01);
    return means;
  }

  /** The stem's weights and the main head, at both ends of the network. */
  private static double[] trainedValues(LearnerState state, String name) {
    float[] all = state.values(name);
    int head = 2 * (8 * 256 * 9 + 8);
    double[] values = new double[STEM_WEIGHTS + head];
    for (int i = 0; i < STEM_WEIGHTS; i++) {
      values[i] = all[i];
    }
    for (int i = 0; i < head; i++) {
      values[STEM_WEIGHTS + i] = all[all.length - head + i];
    }
    return values;
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }
}
