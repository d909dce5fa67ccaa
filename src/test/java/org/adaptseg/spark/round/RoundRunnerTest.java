package org.adaptseg.spark.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.adaptseg.config.Cluster;
import org.adaptseg.config.Cluster.Exchange;
import org.adaptseg.config.Phase;
import org.adaptseg.testing.LinearLearner;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.testing.SharedSpark;
import org.adaptseg.train.Learner;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Shard;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

public class RoundRunnerTest {
  @RegisterExtension static final SharedSpark SPARK = new SharedSpark("local[2]");

  static final LinearLearner.Factory FACTORY = new LinearLearner.Factory(7, 1001);
  static final RoundPlan FIRST = new RoundPlan(0, Phase.SOURCE_ONLY, 0, 3, 0);
  static final RoundPlan SECOND = new RoundPlan(1, Phase.ADVERSARIAL, 3, 4, 0);

  /** The ways in which states are averaged. */
  enum Way {
    MEMORY(MemoryAveraging::new),
    SHUFFLE(ShuffleAveraging::new);
    private final Function<JavaSparkContext, Averaging> averaging;

    Way(Function<JavaSparkContext, Averaging> averaging) {
      this.averaging = averaging;
    }

    RoundRunner runner(LocalSpark spark, LearnerFactory factory, int workers, int slices) {
      return runner(spark, factory, workers, slices, Cluster.Outer.NONE, Exchange.FLOAT32);
    }

    RoundRunner runner(
        LocalSpark spark,
        LearnerFactory factory,
        int workers,
        int slices,
        Cluster.Outer outer,
        Exchange exchange) {
      return new RoundRunner(
          spark.context(),
          factory,
          workers,
          Slicing.exactly(slices),
          outer,
          exchange,
          averaging.apply(spark.context()));
    }
  }

  @AfterEach
  void noLearnersStay() {
    LearnerPool.closeIdle();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void theMeanEqualsASerialMeanInWorkerOrderBitForBit(Way way) {
    LocalSpark spark = SPARK.get();
    for (int workers : new int[] {1, 2, 3, 5}) {
      LearnerState expected =
          serial(serial(FACTORY.initialState(), FIRST, workers), SECOND, workers);
      for (int slices : new int[] {1, 3, 8}) {
        assertThat(bits(twoRounds(way, spark, FACTORY, workers, slices)))
            .as("%d workers, %d slices", workers, slices)
            .isEqualTo(bits(expected));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void anOuterRateOfOneWithoutMomentumIsTheRoundWithoutItAndOthersAreNot(Way way) {
    LocalSpark spark = SPARK.get();
    RoundPlan one = new RoundPlan(0, Phase.ADVERSARIAL, 0, 1, 0);
    Cluster.Outer plain = new Cluster.Outer(Cluster.OuterNetworks.BOTH, 0, 1, false);
    Cluster.Outer far = new Cluster.Outer(Cluster.OuterNetworks.BOTH, 0, 1.5, false);
    for (int workers : new int[] {1, 3}) {
      LearnerState expected = serial(FACTORY.initialState(), one, workers);
      assertThat(bits(OuterStep.ofWorkers(outer(way, spark, workers, one, plain))))
          .isEqualTo(bits(expected));
      assertThat(bits(OuterStep.ofWorkers(outer(way, spark, workers, one, far))))
          .isNotEqualTo(bits(expected));
    }
  }

  private static LearnerState outer(
      Way way, LocalSpark spark, int workers, RoundPlan plan, Cluster.Outer outer) {
    try (RoundRunner runner = way.runner(spark, FACTORY, workers, 2, outer, Exchange.FLOAT32)) {
      RoundResult result = runner.run(FACTORY.initialState(), plan, "outer");
      // 1001 weights, their velocities and 3 of the critic, 4 bytes each; no outer velocities.
      assertThat(result.bytesAveraged()).isEqualTo(workers * 4L * (1001 + 1001 + 3));
      return result.state();
    }
  }

  /** By the definition, from the states that the workers end with. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void theDivergenceIsThatOfTheTrainedValuesHoweverTheyAreAveraged(Way way) {
    LocalSpark spark = SPARK.get();
    LearnerState before = FACTORY.initialState();
    float[] mean = serial(before, SECOND, 3).vectors().get(0).values();
    double apart = 0;
    double moved = 0;
    for (int worker = 0; worker < 3; worker++) {
      Learner learner = FACTORY.create();
      learner.load(before);
      learner.run(SECOND, new Shard(worker, 3));
      float[] own = learner.state().vectors().get(0).values();
      for (int i = 0; i < own.length; i++) {
        apart += (own[i] - (double) mean[i]) * (own[i] - (double) mean[i]);
        double step = mean[i] - (double) before.vectors().get(0).values()[i];
        moved += worker == 0 ? step * step : 0;
      }
    }
    for (int slices : new int[] {1, 8}) {
      try (RoundRunner runner = way.runner(spark, FACTORY, 3, slices)) {
        Map<String, Double> adversarial = runner.run(before, SECOND, "second").divergence();
        assertThat(adversarial).containsOnlyKeys("generator", "discriminator-main");
        assertThat(adversarial.get("generator"))
            .isCloseTo(Math.sqrt(apart / 3 / moved), within(1e-6));
        // This round does not train the discriminator.
        assertThat(runner.run(before, FIRST, "first").divergence()).containsOnlyKeys("generator");
      }
    }
    try (RoundRunner alone = way.runner(spark, FACTORY, 1, 2)) {
      assertThat(alone.run(before, SECOND, "alone").divergence()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void coresAndSerializersDoNotChangeABit(Way way) {
    SPARK.stop();
    int[] expected = bits(serial(serial(FACTORY.initialState(), FIRST, 4), SECOND, 4));
    for (String master : List.of("local[1]", "local[4]")) {
      try (LocalSpark spark = LocalSpark.start(master)) {
        assertThat(bits(twoRounds(way, spark, FACTORY, 4, 3))).as(master).isEqualTo(expected);
      }
    }
    Map<String, String> kryo =
        Map.of(
            "spark.serializer",
            "org.apache.spark.serializer.KryoSerializer",
            "spark.kryoserializer.buffer",
            "4k",
            "spark.kryoserializer.buffer.max",
            "1m");
    try (LocalSpark spark = LocalSpark.start("local[2]", kryo)) {
      assertThat(bits(twoRounds(way, spark, FACTORY, 4, 3))).as("Kryo").isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aTaskThatFailsOnItsFirstAttemptGivesTheSameBits(Way way) {
    SPARK.stop();
    int[] expected = bits(serial(serial(FACTORY.initialState(), FIRST, 3), SECOND, 3));
    try (LocalSpark spark = LocalSpark.start("local[2,3]")) {
      TaskEnds ends = new TaskEnds();
      spark.context().sc().addSparkListener(ends);
      assertThat(bits(twoRounds(way, spark, new FailingOnce(FACTORY), 3, 3))).isEqualTo(expected);
      await(() -> ends.failed.size() == 2);
      assertThat(ends.failed).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void learnersAreReusedByLaterRoundsAndClosedAtTheEnd(Way way) {
    Counting.MADE.clear();
    Counting.CLOSED.clear();
    twoRounds(way, SPARK.get(), new Counting(FACTORY), 4, 2);
    assertThat(Counting.MADE).hasSizeBetween(1, 2);
    assertThat(Counting.CLOSED).hasSameSizeAs(Counting.MADE);
    assertThat(LearnerPool.idle()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aFailedRoundNamesItsCauseAndLeavesNothing(Way way) {
    LocalSpark spark = SPARK.get();
    assertThatThrownBy(() -> twoRounds(way, spark, new FailingOnce(FACTORY), 2, 2))
        .rootCause()
        .hasMessageContaining("the disk is on fire");
    await(() -> stateBroadcasts() == 0);
    assertThat(stateBroadcasts()).isZero();
    assertThat(spark.context().getLocalProperty("spark.job.description")).isNull();
  }

  /** Two rounds by one runner, the second with the mean of the first. */
  static LearnerState twoRounds(
      Way way, LocalSpark spark, LearnerFactory factory, int workers, int slices) {
    try (RoundRunner runner = way.runner(spark, factory, workers, slices)) {
      LearnerState state = runner.run(factory.initialState(), FIRST, "first").state();
      return runner.run(state, SECOND, "second").state();
    }
  }

  /** The rule, written a second time: worker by worker, sum in double from worker 0 on. */
  public static LearnerState serial(LearnerState before, RoundPlan plan, int workers) {
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
      float[] mean = new float[before.vectors().get(v).values().length];
      for (int i = 0; i < mean.length; i++) {
        double sum = after.get(0).vectors().get(v).values()[i];
        for (int worker = 1; worker < workers; worker++) {
          sum += after.get(worker).vectors().get(v).values()[i];
        }
        mean[i] = (float) (sum / workers);
      }
      means.add(new LearnerState.Vector(before.vectors().get(v).name(), mean));
    }
    return new LearnerState(means);
  }

  public static int[] bits(LearnerState state) {
    return state.vectors().stream()
        .flatMapToInt(
            vector ->
                java.util.stream.IntStream.range(0, vector.values().length)
                    .map(i -> Float.floatToRawIntBits(vector.values()[i])))
        .toArray();
  }

  /** Broadcast blocks that hold a state, as opposed to the code of a stage. */
  public static long stateBroadcasts() {
    long count = 0;
    var entries = SparkEnv.get().blockManager().blockInfoManager().entries();
    while (entries.hasNext()) {
      var entry = entries.next();
      if (entry._1().isBroadcast()
          && entry._2().classTag().runtimeClass() != byte[].class
          && entry._2().size() > 8000) {
        count++;
      }
    }
    return count;
  }

  /** Waits for what Spark does behind the caller's back. */
  public static void await(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Counts jobs, stages and results. */
  public static final class TaskEnds extends SparkListener {
    public final List<String> jobs = new CopyOnWriteArrayList<>();
    final List<Integer> stages = new CopyOnWriteArrayList<>();
    public final List<String> stageNames = new CopyOnWriteArrayList<>();
    final List<Long> resultSizes = new CopyOnWriteArrayList<>();
    final List<String> failed = new CopyOnWriteArrayList<>();

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      jobs.add(job.properties().getProperty("spark.job.description"));
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted stage) {
      stages.add(stage.stageInfo().numTasks());
      stageNames.add(stage.stageInfo().name());
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (end.taskInfo().successful()) {
        resultSizes.add(end.taskMetrics().resultSize());
      } else {
        failed.add(end.reason().toString());
      }
    }
  }

  /** Worker 1's first attempt fails after it has changed its learner. */
  record FailingOnce(LinearLearner.Factory factory) implements LearnerFactory {
    @Override
    public Learner create() {
      return new Wrapped(factory.create()) {
        @Override
        public RoundReport run(RoundPlan plan, Shard shard) {
          RoundReport report = super.run(plan, shard);
          if (shard.worker() == 1 && TaskContext.get().attemptNumber() == 0) {
            throw new IllegalStateException("the disk is on fire");
          }
          return report;
        }
      };
    }

    @Override
    public LearnerState initialState() {
      return factory.initialState();
    }

    @Override
    public String cacheKey() {
      return "failing " + factory.cacheKey();
    }
  }

  /** Counts the learners made and closed in this JVM. */
  record Counting(LinearLearner.Factory factory) implements LearnerFactory {
    static final List<Object> MADE = new CopyOnWriteArrayList<>();
    static final List<Object> CLOSED = new CopyOnWriteArrayList<>();

    @Override
    public Learner create() {
      Learner learner =
          new Wrapped(factory.create()) {
            @Override
            public void close() {
              CLOSED.add(this);
            }
          };
      MADE.add(learner);
      return learner;
    }

    @Override
    public LearnerState initialState() {
      return factory.initialState();
    }

    @Override
    public String cacheKey() {
      return "counting " + factory.cacheKey();
    }
  }

  /** A learner around another. */
  public static class Wrapped implements Learner {
    private final Learner inner;

    public Wrapped(Learner inner) {
      this.inner = inner;
    }

    @Override
    public void load(LearnerState state) {
      inner.load(state);
    }

    @Override
    public RoundReport run(RoundPlan plan, Shard shard) {
      return inner.run(plan, shard);
    }

    @Override
    public LearnerState state() {
      return inner.state();
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
