package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.StoppingFileSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver, a process of its own, killed again and again along one run. */
@Tag("faults")
@Tag("slow")
class DriverKillTest {
  private static final int KILLS = 3;
  private static final int ITERATIONS = 48;
  private static final int INTERVAL = 4;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** Steps of writing a checkpoint of eight vectors and its state, and of deleting an older one. */
  private static final int STEPS = 70;

  @TempDir Path directory;

  @Test
  void killedAtThreeRandomMomentsARunGoesOnFromItsNewestWholeCheckpointAndEndsTheSame()
      throws IOException {
    SplittableRandom random = new SplittableRandom(2018);
    Path mark = directory.resolve("stopped");
    double seconds = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      int before = newestWhole();
      boolean inACheckpoint = kill % 2 == 0;
      int step = inACheckpoint ? 1 + random.nextInt(STEPS) : 0;
      int checkpoints = before + INTERVAL * (1 + random.nextInt(3));
      int pause = random.nextInt(100);
      long begun = System.nanoTime();
      try (ChildProcess process = start(step, mark)) {
        String begin = process.awaitOutput("tiny: iterations (\\d+) to", LIMIT).group(1);
        seconds += (System.nanoTime() - begun) / 1e9;
        assertThat(Integer.parseInt(begin)).as("kill %d", kill).isEqualTo(before);
        if (inACheckpoint) {
          await(process, "step " + step, () -> Files.exists(mark));
        } else {
          await(process, "checkpoint " + checkpoints, () -> newestWhole() >= checkpoints);
          pause(pause);
        }
        assertThat(process.isAlive()).as("kill %d", kill).isTrue();
        process.kill();
        process.await(LIMIT);
      }
      Files.deleteIfExists(mark);
    }
    System.out.printf("driver killed: %.1f s to start and load, on average%n", seconds / KILLS);
    Path logs = directory.resolve("logs");
    Ended last =
        SmallTraining.finish(
            SmallTraining.process(Map.of(), arguments(directory, "--resume")), logs);
    assertThat(last.out()).doesNotContain("to see whether a training lives");
    assertThat(directory.resolve("run").toFile().list()).noneMatch(name -> name.contains("owner"));
    Path through = directory.resolve("through");
    SmallTraining.succeed(Map.of(), arguments(through));
    assertThat(SmallTraining.vectors(directory.resolve("run")))
        .isEqualTo(SmallTraining.vectors(through.resolve("run")));
    assertThat(Files.readAllLines(directory.resolve("run/metrics.jsonl")))
        .filteredOn(line -> line.startsWith("{\"kind\":\"iteration\""))
        .hasSize(ITERATIONS);
  }

  private static List<String> arguments(Path directory, String... more) {
    List<String> arguments = SmallTraining.train(directory, more);
    String phases = "schedule.phases.0.iterations=" + ITERATIONS;
    arguments.addAll(List.of("--set", phases, "--set", "cluster.averaging-interval=" + INTERVAL));
    return arguments;
  }

  private ChildProcess start(int step, Path mark) {
    return SmallTraining.process(
            Map.of(
                "spark.hadoop.fs.file.impl",
                StoppingFileSystem.class.getName(),
                "spark.hadoop." + StoppingFileSystem.STEP,
                String.valueOf(step),
                "spark.hadoop." + StoppingFileSystem.MARK,
                mark.toString()),
            arguments(directory, "--resume"))
        .start(directory.resolve("logs"));
  }

  /** Iteration of the newest checkpoint whose state.json is whole; 0 if there is none. */
  private int newestWhole() {
    int newest = 0;
    String[] names = directory.resolve("run/checkpoints").toFile().list();
    for (String name : names == null ? new String[0] : names) {
      Path state = directory.resolve("run/checkpoints").resolve(name).resolve("state.json");
      try {
        int iteration =
            new ObjectMapper().readTree(Files.readAllBytes(state)).path("iteration").asInt();
        newest = Math.max(newest, iteration);
      } catch (IOException e) {
        continue; // none, or not whole
      }
    }
    return newest;
  }

  private static void await(ChildProcess process, String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError(
            "Expected %s; the process printed:%n%s%n%s"
                .formatted(what, process.out(), process.err()));
      }
      pause(5);
    }
  }

  private static void pause(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
