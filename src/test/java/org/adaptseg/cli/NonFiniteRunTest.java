package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose adversarial phase has gradients beyond the range of float32 from its begin on. */
@Tag("faults")
class NonFiniteRunTest {
  private static final String PHASES =
      "schedule.phases=[{phase: source-only, iterations: 6}, {phase: adversarial, iterations: 4}]";

  @TempDir Path directory;

  private List<String> train(String... more) {
    List<String> arguments = SmallTraining.train(directory, "--set", PHASES);
    for (String override : List.of("output.checkpoint-interval=100", "data.prefetch-samples=2")) {
      arguments.addAll(List.of("--set", override));
    }
    arguments.addAll(Arrays.asList(more));
    return arguments;
  }

  /** Beyond float32, so that the first adversarial gradient overflows in whatever order it sums. */
  private static final String[] DIVERGING = {
    "--set", "loss.adversarial-weight={aux: 0, main: 1e300}"
  };

  @Test
  void stopsThereWithTheSamplesAndACheckpointFromBefore() throws IOException {
    Ended stopped = SmallTraining.run(Map.of(), train(DIVERGING));
    assertThat(stopped.code()).isEqualTo(Main.FAILURE);
    assertThat(stopped.err())
        .startsWith("Cannot continue training: expected finite numbers, found that ")
        .containsPattern("is not finite \\(iteration 6, samples a-train-\\d+, b-train-\\d+\\)")
        .contains("(worker 0)")
        .contains("run.on-non-finite: skip");
    assertThat(directory.resolve("run/checkpoints").toFile().list())
        .containsExactly("iteration-0000006");
    Ended resumed =
        SmallTraining.succeed(Map.of(), train("--resume", "--accept=loss.adversarial-weight"));
    assertThat(resumed.out()).contains("tiny: iterations 6 to 10");
    Map<String, String> afterwards = SmallTraining.vectors(directory.resolve("run"));
    Path other = directory.resolve("other");
    SmallTraining.succeed(Map.of(), train("--set", "output.dir=" + other));
    assertThat(afterwards).containsAllEntriesOf(SmallTraining.vectors(other));
  }

  @Test
  void leavesIterationsOutAndCountsThemWhereConfigured() throws IOException {
    Path stopped = directory.resolve("stopped");
    SmallTraining.run(Map.of(), train(with(DIVERGING, "--set", "output.dir=" + stopped)));
    Ended ended =
        SmallTraining.succeed(Map.of(), train(with(DIVERGING, "--set", "run.on-non-finite=skip")));
    assertThat(ended.out())
        .contains("left out: ")
        .contains("tiny: iterations that workers left out: 8");
    // Two workers left four iterations out each, and nothing of them stayed.
    assertThat(Files.readAllLines(directory.resolve("run/metrics.jsonl")))
        .filteredOn(line -> line.startsWith("{\"kind\":\"skipped\""))
        .hasSize(8);
    assertThat(vector(directory.resolve("run"), 10)).isEqualTo(vector(stopped, 6));
  }

  private static String[] with(String[] some, String... more) {
    String[] all = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  private static byte[] vector(Path run, int iteration) throws IOException {
    String name = "checkpoints/iteration-%07d/generator.parameters.f32".formatted(iteration);
    return Files.readAllBytes(run.resolve(name));
  }
}
