package org.adaptseg.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.ProgramProcess;

/**
 * Two rounds of two workers on synthetic streets, with the smallest networks; the state is saved
 * after each round, and evaluated at the end.
 *
 * @param directory the run's directory
 */
record TinyTraining(Path directory) {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** Enough for a round to last a while: an executor must be found and killed in the second. */
  private static final int ROUND = 60;

  private static final String CONFIGURATION =
      """
      run: {name: tiny, seed: 7}
      schedule:
        phases:
          - {phase: adversarial, iterations: %d}
      output: {dir: 'file://%s', checkpoint-interval: %d, keep-checkpoints: 2}
      data:
        classes: synthetic-8
        source: {dataset: synthetic-source, split: train, width: 64, height: 32}
        target: {dataset: synthetic-target, split: train, width: 64, height: 32}
        evaluation: {dataset: synthetic-target, split: val, width: 64, height: 32}
      model: {layers: [1, 1, 1, 1], base-width: 4, head-rates: [1, 2], discriminator-width: 4}
      cluster: {workers: 2, scaling: work, threads-per-worker: 1, averaging-interval: %d, slices: 3}
      evaluation: {interval: 0}
      """;

  /** The configuration, written to a file. */
  Path write(Path file) throws IOException {
    String text = CONFIGURATION.formatted(2 * ROUND, directory.toAbsolutePath(), ROUND, ROUND);
    return Files.writeString(file, text);
  }

  /** Trains in a process of this machine, undisturbed; its configuration goes to that file. */
  void runHere(Path file, Path logs) throws IOException {
    Ended ended =
        ProgramProcess.classes(List.of("train", "--config", write(file).toString()))
            .properties(Map.of("spark.master", "local[2]", "spark.ui.enabled", "false"))
            .environment("OMP_NUM_THREADS", "1")
            .run(logs, LIMIT);
    assertThat(ended.code()).as(ended.all()).isZero();
  }

  /** Whether the first round has been saved. */
  boolean isFirstRoundSaved() {
    return Files.exists(checkpoint(ROUND).resolve("state.json"));
  }

  /** The hash of every vector of the last state, by name. */
  Map<String, String> hashes() throws IOException {
    JsonNode state =
        new ObjectMapper().readTree(checkpoint(2 * ROUND).resolve("state.json").toFile());
    Map<String, String> hashes = new TreeMap<>();
    for (JsonNode vector : state.get("vectors")) {
      hashes.put(vector.get("name").textValue(), vector.get("sha256").textValue());
    }
    assertThat(hashes).isNotEmpty();
    return hashes;
  }

  /** Checks that both rounds were saved and the evaluation's scores written. */
  void requireComplete() throws IOException {
    assertThat(checkpoint(ROUND).resolve("state.json")).exists();
    assertThat(checkpoint(2 * ROUND).resolve("state.json")).exists();
    JsonNode scores = new ObjectMapper().readTree(directory.resolve("scores.json").toFile());
    assertThat(scores.isObject()).isTrue();
    assertThat(scores.findValue("miou")).as(scores.toString()).isNotNull();
  }

  private Path checkpoint(int iteration) {
    return directory.resolve("checkpoints/iteration-%07d".formatted(iteration));
  }
}
