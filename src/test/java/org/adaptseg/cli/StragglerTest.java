package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.adaptseg.testing.ExecutorProcesses;
import org.adaptseg.testing.LoopbackCluster;
import org.adaptseg.testing.RoundTimes;
import org.adaptseg.testing.SpeculationCounter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("faults")
@Tag("slow")
class StragglerTest {
  private static final long RUNS_MS = 500;

  /** The executor stands still four fifths of the time. */
  private static final long STANDS_MS = 4 * RUNS_MS;

  @TempDir Path directory;

  @Test
  void aWorkerFiveTimesSlowerIsOvertakenAndChangesNoBit() throws InterruptedException {
    SpeculationCounter.won();
    RoundTimes.describe("before");
    try (LoopbackCluster cluster = LoopbackCluster.start(2, directory.resolve("workers"))) {
      Map<String, String> settings =
          SmallTraining.executors(cluster.master(), directory.resolve("local"));
      settings.put("spark.driver.host", "127.0.0.1");
      settings.put("spark.driver.bindAddress", "127.0.0.1");
      settings.put(
          "spark.extraListeners",
          SpeculationCounter.class.getName() + "," + RoundTimes.class.getName());
      settings.put("spark.speculation", "true");
      settings.put("spark.speculation.interval", "50ms");
      settings.put("spark.speculation.quantile", "0.5");
      settings.put("spark.speculation.multiplier", "1.5");
      Thread brake = new Thread(StragglerTest::slowDown, "brake");
      brake.setDaemon(true);
      brake.start();
      try {
        SmallTraining.succeed(settings, SmallTraining.train(directory));
      } finally {
        brake.interrupt();
        brake.join();
      }
    }
    System.out.println(RoundTimes.describe("an executor five times slower"));
    assertThat(SpeculationCounter.won()).as("second attempts that came first").isPositive();
    assertThat(SmallTraining.vectors(directory.resolve("run")))
        .isEqualTo(SmallTraining.vectors(SmallTraining.reference()));
  }

  /** Stops and wakes the first worker's executor in turns, until this thread is interrupted. */
  private static void slowDown() {
    Optional<ProcessHandle> executor = Optional.empty();
    try {
      while (true) {
        executor = ExecutorProcesses.with("--hostname", LoopbackCluster.host(0));
        executor.ifPresent(process -> ExecutorProcesses.signal(process, "STOP"));
        Thread.sleep(executor.isPresent() ? STANDS_MS : RUNS_MS);
        executor.ifPresent(process -> ExecutorProcesses.signal(process, "CONT"));
        Thread.sleep(RUNS_MS);
      }
    } catch (InterruptedException e) {
      executor.ifPresent(process -> ExecutorProcesses.signal(process, "CONT"));
    }
  }
}
