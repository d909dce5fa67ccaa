package org.adaptseg.spark.round;

import static org.adaptseg.spark.round.RoundRunnerTest.FACTORY;
import static org.adaptseg.spark.round.RoundRunnerTest.FIRST;
import static org.adaptseg.spark.round.RoundRunnerTest.SECOND;
import static org.adaptseg.spark.round.RoundRunnerTest.await;
import static org.adaptseg.spark.round.RoundRunnerTest.bits;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.adaptseg.config.Cluster;
import org.adaptseg.config.RunConfig;
import org.adaptseg.spark.round.RoundRunnerTest.Way;
import org.adaptseg.testing.LinearLearner;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.testing.SharedSpark;
import org.adaptseg.testing.TinyRun;
import org.adaptseg.train.AdaptationLearnerFactory;
import org.adaptseg.train.Learner;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.TrainedValues;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Shard;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExchangeTest {
  @RegisterExtension static final SharedSpark SPARK = new SharedSpark("local[2]");

  @AfterEach
  void noLearnersStay() {
    LearnerPool.closeIdle();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void theMeanIsThatOfRoundedDifferencesToTheBit(Way way) {
    for (int workers : new int[] {1, 2, 3, 5}) {
      LearnerState expected =
          serial(serial(FACTORY.initialState(), FIRST, workers), SECOND, workers);
      for (int slices : new int[] {1, 3, 8}) {
        assertThat(bits(twoRounds(way, workers, slices, Cluster.Outer.NONE)))
            .as("%d workers, %d slices", workers, slices)
            .isEqualTo(bits(expected));
      }
    }
    assertThat(bits(twoRounds(way, 3, 3, Cluster.Outer.NONE)))
        .isNotEqualTo(bits(RoundRunnerTest.twoRounds(way, SPARK.get(), FACTORY, 3, 3)));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void anOuterStepIsTakenOnThatMean(Way way) {
    Cluster.Outer plain = new Cluster.Outer(Cluster.OuterNetworks.BOTH, 0, 1, false);
    assertThat(bits(OuterStep.ofWorkers(twoRounds(way, 3, 3, plain))))
        .isEqualTo(bits(twoRounds(way, 3, 3, Cluster.Outer.NONE)));
  }

  /** All but two values, of the critic, are trained or of an optimiser. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void workersSendHalf(Way way) {
    LocalSpark spark = SPARK.get();
    LearnerFactory large = new LinearLearner.Factory(7, 100_000);
    long half = 2 * (2 * 100_000 + 1) + 4 * 2;
    Shuffled shuffled = new Shuffled();
    spark.context().sc().addSparkListener(shuffled);
    try (RoundRunner runner = runner(way, large, 3, 2, Cluster.Outer.NONE)) {
      RoundResult result = runner.run(large.initialState(), FIRST, "half");
      assertThat(result.bytesAveraged()).isEqualTo(3 * half);
    }
    if (way == Way.SHUFFLE) {
      await(() -> shuffled.bytes.sum() >= 3 * half);
      // Keys, lengths and reports.
      assertThat(shuffled.bytes.sum()).isBetween(3 * half, 3 * half + 20_000);
    }
    spark.context().sc().removeSparkListener(shuffled);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aNumberThatIsNotFiniteReachesTheMean(Way way) {
    LearnerFactory broken = new Breaking(FACTORY);
    try (RoundRunner runner = runner(way, broken, 3, 2, Cluster.Outer.NONE)) {
      LearnerState mean = runner.run(broken.initialState(), SECOND, "broken").state();
      assertThat(mean.values("generator.parameters")[5]).isNaN();
      assertThat(mean.values("generator.velocity")[6]).isInfinite();
      assertThat(mean.values("generator.parameters")[4]).isFinite();
    }
  }

  @Test
  void whereNothingIsKnownToBeTrainedAllIsSentAsItIs() {
    LearnerState state = FACTORY.initialState();
    assertThat(Differences.of(TrainedValues.NONE, state)).isEqualTo(Differences.NONE);
    assertThat(Differences.of(FACTORY.trained(), state).within(2000, 2005))
        .containsExactly(
            new Differences.Stretch(2000, 2002, true),
            new Differences.Stretch(2002, 2003, true),
            new Differences.Stretch(2003, 2005, false));
  }

  @Test
  void ofTheRealNetworksNearlyAllIsHalved() {
    RunConfig config = TinyRun.config("model.base-width=16", "model.discriminator-width=16");
    // Neither of the two asks for data.
    LearnerFactory factory =
        new AdaptationLearnerFactory(config, Collections.nCopies(8, "class"), null, null, null);
    LearnerState state = factory.initialState();
    StateLayout layout =
        Slicing.exactly(2).layout(state).sending(Differences.of(factory.trained(), state));
    assertThat(layout.sentBytes() / (4.0 * state.size())).isBetween(0.5001, 0.51);
    assertThat(IntStream.range(0, layout.slices()).map(layout::sentBytes).sum())
        .isEqualTo((int) layout.sentBytes());
  }

  private static LearnerState twoRounds(Way way, int workers, int slices, Cluster.Outer outer) {
    try (RoundRunner runner = runner(way, FACTORY, workers, slices, outer)) {
      LearnerState state = runner.run(FACTORY.initialState(), FIRST, "first").state();
      return runner.run(state, SECOND, "second").state();
    }
  }

  private static RoundRunner runner(
      Way way, LearnerFactory factory, int workers, int slices, Cluster.Outer outer) {
    return way.runner(SPARK.get(), factory, workers, slices, outer, Cluster.Exchange.BFLOAT16);
  }

  /** The rule, written a second time. */
  static LearnerState serial(LearnerState before, RoundPlan plan, int workers) {
    List<LearnerState> after = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      try (Learner learner = FACTORY.create()) {
        learner.load(before);
        learner.run(plan, new Shard(worker, workers));
        after.add(learner.state());
      }
    }
    List<LearnerState.Vector> means = new ArrayList<>();
    for (int v = 0; v < before.vectors().size(); v++) {
      float[] begin = before.vectors().get(v).values();
      float[] mean = new float[begin.length];
      for (int i = 0; i < mean.length; i++) {
        boolean different = v < 2 || i == 0;
        double sum = 0;
        for (LearnerState state : after) {
          float value = state.vectors().get(v).values()[i];
          sum += different ? rounded(value - begin[i]) : value;
        }
        float average = (float) (sum / workers);
        mean[i] = different ? begin[i] + average : average == 0 ? value(after, v, i) : average;
      }
      means.add(new LearnerState.Vector(before.vectors().get(v).name(), mean));
    }
    return new LearnerState(means);
  }

  /** With its sign, where it is a zero that nobody moves. */
  private static float value(List<LearnerState> states, int vector, int index) {
    return states.get(0).vectors().get(vector).values()[index];
  }

  private static double rounded(float value) {
    double step = Math.pow(2, Math.getExponent(value) - 7);
    return value == 0 ? 0 : Math.rint(value / step) * step;
  }

  /** Bytes that tasks wrote to the shuffle. */
  private static final class Shuffled extends SparkListener {
    final LongAdder bytes = new LongAdder();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      bytes.add(end.taskMetrics().shuffleWriteMetrics().bytesWritten());
    }
  }

  /** Every learner ends with a NaN among its weights and an infinite velocity. */
  private record Breaking(LinearLearner.Factory factory) implements LearnerFactory {
    @Override
    public Learner create() {
      return new RoundRunnerTest.Wrapped(factory.create()) {
        @Override
        public LearnerState state() {
          LearnerState state = super.state();
          state.values("generator.parameters")[5] = Float.NaN;
          state.values("generator.velocity")[6] = Float.POSITIVE_INFINITY;
          return state;
        }
      };
    }

    @Override
    public LearnerState initialState() {
      return factory.initialState();
    }

    @Override
    public TrainedValues trained() {
      return factory.trained();
    }

    @Override
    public String cacheKey() {
      return "breaking " + factory.cacheKey();
    }
  }
}
