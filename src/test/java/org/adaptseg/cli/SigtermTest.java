package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.Processes;
import org.adaptseg.testing.StoppingFileSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training, a process of its own, asked to end again and again along one run. */
@Tag("faults")
@Tag("slow")
class SigtermTest {
  private static final int MOMENTS = 10;
  private static final int ITERATIONS = 400;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** The program's own, not that of the tests, which keeps Spark from saying anything. */
  private static final Path LOGGING = Path.of("src/main/resources/log4j2.properties");

  private static final Pattern LINE =
      Pattern.compile("\nStopped by a signal: ([^.]+)\\. Resume with train --resume \\(");

  @TempDir Path directory;

  /** Iterations between checkpoints; three rounds. */
  private static final int INTERVAL = 12;

  private static List<String> arguments(Path run, String... more) {
    List<String> arguments = SmallTraining.train(run, more);
    for (String value :
        List.of(
            "schedule.phases.0.iterations=" + ITERATIONS,
            "cluster.averaging-interval=4",
            "output.checkpoint-interval=" + INTERVAL)) {
      arguments.addAll(List.of("--set", value));
    }
    return arguments;
  }

  @Test
  void askedToEndAtTwentyMomentsARunIsWholeAndResumesToTheSameEnd() {
    // Two runs side by side, so that each processor has one.
    List<CompletableFuture<Void>> runs = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int phase = i;
      runs.add(CompletableFuture.runAsync(() -> interrupted(phase)));
    }
    runs.forEach(CompletableFuture::join);
    for (int i = 0; i < 2; i++) {
      SmallTraining.succeed(Map.of(), arguments(directory.resolve("" + i), "--resume"));
    }
    Path through = directory.resolve("through");
    SmallTraining.succeed(Map.of(), arguments(through));
    Map<String, String> last = last(through);
    assertThat(last(directory.resolve("0"))).hasSize(8).isEqualTo(last);
    assertThat(last(directory.resolve("1"))).isEqualTo(last);
  }

  @Test
  void askedToEndBeforeItSaysAnythingARunSaysHowToResume() {
    Path mark = directory.resolve("stopped");
    Map<String, String> settings =
        Map.of(
            "spark.hadoop.fs.file.impl",
            StoppingFileSystem.class.getName(),
            "spark.hadoop." + StoppingFileSystem.PATHS,
            "/run/.write-probe-",
            "spark.hadoop." + StoppingFileSystem.STEP,
            "1",
            "spark.hadoop." + StoppingFileSystem.MARK,
            mark.toString());
    try (ChildProcess process =
        SmallTraining.process(settings, SmallTraining.train(directory))
            .start(directory.resolve("logs"))) {
      Processes.await(
          "the probe", LIMIT, () -> Files.exists(mark), process::isAlive, process::soFar);
      process.terminate();
      Ended ended = process.await(LIMIT);
      assertThat(ended.code()).isEqualTo(143);
      assertThat(ended.out()).doesNotContain("Initial weights");
      assertThat(ended.err())
          .contains("Stopped by a signal: no round has ended that is not saved. Resume with train");
    }
  }

  /** The vectors of the last state; states that were saved on the way differ from run to run. */
  private static Map<String, String> last(Path run) {
    Map<String, String> vectors = SmallTraining.vectors(run.resolve("run"));
    vectors.keySet().removeIf(name -> !name.startsWith("iteration-%07d".formatted(ITERATIONS)));
    return vectors;
  }

  private void interrupted(int phase) {
    Path run = directory.resolve("" + phase);
    for (int moment = 0; moment < MOMENTS; moment++) {
      int before = newest(run);
      try (ChildProcess process =
          SmallTraining.process(Map.of(), arguments(run, "--resume"))
              .options("-Dlog4j2.configurationFile=" + LOGGING.toAbsolutePath())
              .start(run.resolve("logs" + moment))) {
        // At first before any round, then in rounds.
        process.awaitOutput("Initial weights", LIMIT);
        if (moment > 1) {
          Processes.await(
              "a checkpoint", LIMIT, () -> newest(run) > before, process::isAlive, process::soFar);
        }
        pause(30L * moment + 200L * phase);
        process.terminate();
        Ended ended = process.await(LIMIT);
        String all = ended.out() + "\n" + ended.err();
        assertThat(ended.code()).as("run %d, moment %d: %s", phase, moment, all).isEqualTo(143);
        assertThat(LINE.matcher(all).find())
            .as("run %d, moment %d: %s", phase, moment, all)
            .isTrue();
        assertThat(ended.err().substring(ended.err().indexOf("Stopped by ")).lines())
            .as("run %d, moment %d: what Spark says when it is stopped is no news", phase, moment)
            .hasSize(1);
      }
      requireWhole(run.resolve("run"));
    }
  }

  /** Iteration of the newest whole checkpoint; 0 where there is none. */
  private static int newest(Path run) {
    String[] names = run.resolve("run/checkpoints").toFile().list();
    return Stream.of(names == null ? new String[0] : names)
        .filter(name -> Files.exists(run.resolve("run/checkpoints/" + name + "/state.json")))
        .mapToInt(name -> Integer.parseInt(name.substring("iteration-".length())))
        .max()
        .orElse(0);
  }

  private static void requireWhole(Path run) {
    if (!Files.exists(run)) {
      return;
    }
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        assertThat(WholeFile.isTemporary(name)).as("%s", file).isFalse();
        if (name.startsWith("iteration-")) {
          assertThat(file.resolve("state.json")).exists();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause(long milliseconds) {
    try {
      TimeUnit.MILLISECONDS.sleep(milliseconds);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
