package org.adaptseg.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.Phase;
import org.adaptseg.engine.Device;
import org.adaptseg.spark.round.RoundRunner;
import org.adaptseg.spark.round.RoundRunnerTest;
import org.adaptseg.spark.round.Slicing;
import org.adaptseg.testing.LinearLearner;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.testing.ProgramProcess;
import org.adaptseg.testing.StandaloneCluster;
import org.adaptseg.train.Learner;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Shard;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark's own GPU scheduling on a standalone cluster whose workers report two GPUs each. */
@Tag("cluster")
@Tag("slow")
class GpuWorkersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final RoundPlan ROUND = new RoundPlan(0, Phase.SOURCE_ONLY, 0, 1, 0);

  @TempDir private static Path directory;
  private static StandaloneCluster cluster;

  @BeforeAll
  static void start() {
    cluster = StandaloneCluster.start(directory, 2, List.of(List.of("0", "1"), List.of("2", "3")));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void everyWorkerHasAGpuOfItsOwn() {
    try (LocalSpark spark = spark(Map.of())) {
      assertThat(WorkerSlots.await(spark.context(), 4, PATIENCE)).isEmpty();
      // The address that Spark assigned is the index of the device.
      assertThat(devices(spark)).containsExactlyInAnyOrder(0, 1, 2, 3);

      assertThatThrownBy(() -> WorkerSlots.await(spark.context(), 5, SHORT))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a GPU for each of 5 workers (cluster.workers), found 4");
    }
  }

  @Test
  void theLauncherShowsAnExecutorItsOwnGpusOnly() {
    String home = Path.of("jobs", "gpu").toAbsolutePath().toString();
    Map<String, String> wrapped =
        Map.of(
            "spark.executorEnv.JAVA_HOME",
            home,
            "spark.executorEnv.ADAPTSEG_JAVA_HOME",
            System.getProperty("java.home"));
    try (LocalSpark spark = spark(wrapped)) {
      assertThat(WorkerSlots.await(spark.context(), 4, PATIENCE)).isEmpty();
      // 100 * the first visible GPU + the device among those visible.
      assertThat(devices(spark)).containsExactlyInAnyOrder(0, 1, 200, 201);
    }
  }

  @Test
  void anExecutorThatNoMachineCanGiveIsSaidAndNotWaitedForForEver() {
    Map<String, String> four = Map.of("spark.executor.resource.gpu.amount", "4");
    try (LocalSpark spark = spark(four)) {
      assertThatThrownBy(() -> WorkerSlots.await(spark.context(), 4, SHORT))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a GPU for each of 4 workers (cluster.workers), found 0");
    }
  }

  private static List<Integer> devices(LocalSpark spark) {
    LearnerFactory factory = new Reporting(new LinearLearner.Factory(7, 9));
    try (RoundRunner runner = new RoundRunner(spark.context(), factory, 4, Slicing.exactly(2))) {
      return runner.run(factory.initialState(), ROUND, "devices").reports().stream()
          .map(report -> (int) report.stepSeconds())
          .toList();
    }
  }

  private static LocalSpark spark(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>();
    settings.putAll(ProgramProcess.executors());
    settings.put("spark.executor.memory", "512m");
    settings.put("spark.executor.cores", "2");
    settings.put("spark.local.dir", directory.toString());
    settings.put("spark.executor.resource.gpu.amount", "2");
    settings.put("spark.task.resource.gpu.amount", "1");
    settings.putAll(more);
    return LocalSpark.onCluster(cluster.master(), settings);
  }

  /** Reports its device in place of the time of its steps. */
  private record Reporting(LinearLearner.Factory factory) implements LearnerFactory {
    @Override
    public Learner create() {
      throw new IllegalStateException("Expected a device");
    }

    @Override
    public Learner create(Device device) {
      String visible = System.getenv("CUDA_VISIBLE_DEVICES");
      int first = visible == null ? 0 : Integer.parseInt(visible.split(",")[0]);
      return new RoundRunnerTest.Wrapped(factory.create()) {
        @Override
        public RoundReport run(RoundPlan plan, Shard shard) {
          List<RoundReport.Iteration> done = super.run(plan, shard).iterations();
          return new RoundReport(done, 100 * first + device.gpu(), 0, 0);
        }
      };
    }

    @Override
    public LearnerState initialState() {
      return factory.initialState();
    }

    @Override
    public String cacheKey() {
      return "reporting " + factory.cacheKey();
    }
  }
}
