package org.adaptseg.spark.round;

import static org.adaptseg.spark.round.RoundRunnerTest.bits;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.adaptseg.config.Cluster;
import org.adaptseg.config.Phase;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.testing.ProgramProcess;
import org.adaptseg.train.Learner;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.TrainedValues;
import org.adaptseg.train.schedule.RoundPlan;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rounds of 32 and 64 workers that learn nothing, on two executors, against the formulas of
 * docs/operations.md: what workers send, what the driver receives, and its heap. Times are printed
 * and prove nothing: the workers share this machine.
 */
@Tag("slow")
class ManyWorkersTest {
  private static final int PARAMETERS = 1 << 18;
  private static final long STATE = 2L * PARAMETERS * Float.BYTES;
  private static final int PARTS = 8;
  private static final RoundPlan PLAN = new RoundPlan(0, Phase.SOURCE_ONLY, 0, 1, 0);

  /** What Spark and this test allocate beside states: the states of 64 workers are 128 MB. */
  private static final long BESIDE = 16L << 20;

  @TempDir Path directory;

  @Test
  void bytesGrowWithTheWorkersAsComputedAndTheDriversHeapDoesNot() throws IOException {
    Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    try (LocalSpark spark = LocalSpark.onCluster("local-cluster[2,32,700]", settings())) {
      // Loads the classes of both sides.
      try (RoundRunner runner =
          new RoundRunner(spark.context(), new Idle(), 2, Slicing.exactly(PARTS))) {
        runner.run(new Idle().initialState(), PLAN, "warm-up");
      }
      Traffic traffic = new Traffic();
      spark.context().sc().addSparkListener(traffic);
      round(spark, traffic, 32, Cluster.Exchange.FLOAT32, STATE);
      round(spark, traffic, 64, Cluster.Exchange.FLOAT32, STATE);
      round(spark, traffic, 64, Cluster.Exchange.BFLOAT16, STATE / 2);
    }
  }

  private static void round(
      LocalSpark spark, Traffic traffic, int workers, Cluster.Exchange exchange, long sent) {
    Idle factory = new Idle();
    LearnerState state = factory.initialState();
    traffic.shuffled.reset();
    traffic.results.reset();
    traffic.ended.reset();
    RoundResult result;
    long heap;
    try (RoundRunner runner =
            new RoundRunner(
                spark.context(),
                factory,
                workers,
                Slicing.exactly(PARTS),
                Cluster.Outer.NONE,
                exchange);
        HeapWatch watch = new HeapWatch()) {
      result = runner.run(state, PLAN, "many");
      heap = watch.most();
    }
    RoundRunnerTest.await(() -> traffic.ended.sum() == workers + PARTS);
    System.out.printf(
        Locale.ROOT,
        "%d workers, %s: %.2f s, %d MB shuffled, %d MB to the driver, heap +%d MB%n",
        workers,
        exchange,
        result.seconds(),
        traffic.shuffled.sum() >> 20,
        traffic.results.sum() >> 20,
        heap >> 20);
    assertThat(bits(result.state())).isEqualTo(bits(state));
    assertThat(result.bytesAveraged()).isEqualTo(workers * sent);
    assertThat(traffic.shuffled.sum()).isBetween(workers * sent, (long) (1.01 * workers * sent));
    assertThat(traffic.results.sum()).isBetween(STATE, (long) (1.1 * STATE));
    // 4 states, one of which was there before: as it is sent, as it comes back, as the next.
    assertThat(heap)
        .as("bytes of heap beside what was there before")
        .isLessThan(3 * STATE + BESIDE);
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    SparkConf shipped = new SparkConf(false);
    RoundSettings.addTo(shipped);
    Arrays.stream(shipped.getAll()).forEach(s -> settings.put(s._1(), s._2()));
    settings.put("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    settings.put("spark.executor.extraJavaOptions", ProgramProcess.SHORT_LIVED);
    settings.put("spark.executor.memory", "700m");
    settings.put("spark.local.dir", directory.toString());
    return settings;
  }

  /** What this JVM's heap holds at most, beyond what it held at first. */
  private static final class HeapWatch implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(150);

    private final long before = live();
    private final AtomicLong most = new AtomicLong();
    private final AtomicBoolean watching = new AtomicBoolean(true);
    private final Thread thread = new Thread(this::watch, "heap watch");

    HeapWatch() {
      thread.start();
    }

    private static long live() {
      System.gc();
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void watch() {
      while (watching.get()) {
        most.accumulateAndGet(live() - before, Math::max);
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }

    long most() {
      return most.get();
    }

    @Override
    public void close() {
      watching.set(false);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Bytes that tasks wrote to the shuffle and sent to the driver. */
  private static final class Traffic extends SparkListener {
    final LongAdder shuffled = new LongAdder();
    final LongAdder results = new LongAdder();
    final LongAdder ended = new LongAdder();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      shuffled.add(end.taskMetrics().shuffleWriteMetrics().bytesWritten());
      results.add(end.taskMetrics().resultSize());
      ended.increment();
    }
  }

  /** Learners that leave the state as it comes. */
  private record Idle() implements LearnerFactory {
    @Override
    public Learner create() {
      return new IdleLearner();
    }

    @Override
    public LearnerState initialState() {
      return IdleLearner.randomState(PARAMETERS);
    }

    @Override
    public TrainedValues trained() {
      return new TrainedValues(
          List.of(
              new TrainedValues.Network(
                  "generator",
                  "generator.parameters",
                  List.of(new TrainedValues.Range(0, PARAMETERS)))));
    }

    @Override
    public String cacheKey() {
      return "idle";
    }
  }
}
