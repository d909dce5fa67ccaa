package org.adaptseg.spark.round;

import static org.adaptseg.spark.round.RoundRunnerTest.await;
import static org.adaptseg.spark.round.RoundRunnerTest.bits;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.adaptseg.config.Cluster;
import org.adaptseg.config.Phase;
import org.adaptseg.testing.LinearLearner;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.testing.ProgramProcess;
import org.adaptseg.train.Learner;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Shard;
import org.apache.spark.TaskContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds on a standalone cluster of this machine: two executors, each a JVM of its own. */
@Tag("slow")
class RoundsOnExecutorsTest {
  private static final LinearLearner.Factory FACTORY = new LinearLearner.Factory(7, 1001);
  private static final RoundPlan FIRST = new RoundPlan(0, Phase.SOURCE_ONLY, 0, 3, 0);
  private static final RoundPlan SECOND = new RoundPlan(1, Phase.ADVERSARIAL, 3, 4, 0);

  @TempDir Path directory;

  /** Spark's launcher wants a home with jars; the executors take our class path instead. */
  @BeforeAll
  static void makeSparkHome() throws IOException {
    assertThat(System.getenv())
        .as("set by the build for its tests")
        .containsKeys("SPARK_HOME", "SPARK_SCALA_VERSION");
    Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
  }

  @Test
  void anExecutorThatDiesInARoundChangesNoBit() {
    int[] expected =
        bits(
            RoundRunnerTest.serial(
                RoundRunnerTest.serial(FACTORY.initialState(), FIRST, 3), SECOND, 3));
    for (String serializer : List.of("JavaSerializer", "KryoSerializer")) {
      try (LocalSpark spark = cluster(serializer)) {
        ExecutorsLost lost = new ExecutorsLost();
        spark.context().sc().addSparkListener(lost);
        LearnerFactory factory = new DyingOnce(FACTORY);
        try (RoundRunner runner =
            new RoundRunner(spark.context(), factory, 3, Slicing.exactly(4))) {
          LearnerState state = runner.run(factory.initialState(), FIRST, "first").state();
          assertThat(lost.reasons).isEmpty();
          state = runner.run(state, SECOND, "second").state();
          assertThat(bits(state)).as(serializer).isEqualTo(expected);
        }
        await(() -> !lost.reasons.isEmpty());
        assertThat(lost.reasons).hasSize(1);
        assertThat(LearnerPool.idle()).as("learners in the driver").isZero();
      }
    }
  }

  @Test
  void differencesThatExecutorsSendGiveTheBitsOfOneProcess() {
    LearnerState expected = ExchangeTest.serial(FACTORY.initialState(), FIRST, 3);
    expected = ExchangeTest.serial(expected, SECOND, 3);
    try (LocalSpark spark = cluster("KryoSerializer");
        RoundRunner runner =
            new RoundRunner(
                spark.context(),
                FACTORY,
                3,
                Slicing.exactly(4),
                Cluster.Outer.NONE,
                Cluster.Exchange.BFLOAT16)) {
      LearnerState state = runner.run(FACTORY.initialState(), FIRST, "first").state();
      state = runner.run(state, SECOND, "second").state();
      assertThat(bits(state)).isEqualTo(bits(expected));
    }
  }

  @Test
  void executorsTellHowFarARoundIs() {
    Path signal = directory.resolve("heard");
    LearnerFactory factory = new Waiting(FACTORY, signal.toString());
    List<Double> heard = new CopyOnWriteArrayList<>();
    try (LocalSpark spark = cluster("JavaSerializer");
        RoundRunner runner = new RoundRunner(spark.context(), factory, 2, Slicing.exactly(4))) {
      runner.run(
          factory.initialState(),
          FIRST,
          "waiting",
          iterations -> {
            heard.add(iterations);
            if (iterations == 1) {
              create(signal);
            }
          });
    }
    // The workers went on only once the driver had heard of their first iteration.
    assertThat(heard).contains(1.0).isSorted().allMatch(iterations -> iterations <= 3);
  }

  private static void create(Path file) {
    try {
      Files.createFile(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Goes on after its first iteration when a file is there. */
  private record Waiting(LinearLearner.Factory factory, String file) implements LearnerFactory {
    @Override
    public Learner create() {
      return new RoundRunnerTest.Wrapped(factory.create()) {
        @Override
        public RoundReport run(RoundPlan plan, Shard shard, Runnable iterationDone) {
          iterationDone.run();
          long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
          while (!Files.exists(Path.of(file))) {
            if (System.nanoTime() > end) {
              throw new IllegalStateException("Cannot continue: the driver never heard");
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
          }
          return super.run(plan, shard);
        }
      };
    }

    @Override
    public LearnerState initialState() {
      return factory.initialState();
    }

    @Override
    public String cacheKey() {
      return "waiting " + factory.cacheKey();
    }
  }

  private LocalSpark cluster(String serializer) {
    Map<String, String> settings = new HashMap<>();
    settings.putAll(ProgramProcess.executors());
    settings.put("spark.executor.memory", "512m");
    settings.put("spark.executor.heartbeatInterval", "200ms");
    settings.put("spark.local.dir", directory.toString());
    settings.put("spark.serializer", "org.apache.spark.serializer." + serializer);
    return LocalSpark.onCluster("local-cluster[2,1,512]", settings);
  }

  private static final class ExecutorsLost extends SparkListener {
    final List<String> reasons = new CopyOnWriteArrayList<>();

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
      reasons.add(removed.reason());
    }
  }

  /** Worker 2's first attempt at the second round takes its JVM down, with all that is in it. */
  private record DyingOnce(LinearLearner.Factory factory) implements LearnerFactory {
    @Override
    public Learner create() {
      return new RoundRunnerTest.Wrapped(factory.create()) {
        @Override
        public RoundReport run(RoundPlan plan, Shard shard) {
          boolean first = TaskContext.get().attemptNumber() == 0;
          if (plan.round() == 1 && shard.worker() == 2 && first) {
            Runtime.getRuntime().halt(9);
          }
          return super.run(plan, shard);
        }
      };
    }

    @Override
    public LearnerState initialState() {
      return factory.initialState();
    }

    @Override
    public String cacheKey() {
      return "dying " + factory.cacheKey();
    }
  }
}
