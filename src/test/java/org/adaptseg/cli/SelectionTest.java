package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scores say of themselves: which classes, which training, which checkpoint. */
@Tag("command")
class SelectionTest {
  @TempDir Path directory;

  private String run(String command, String... more) throws IOException {
    Path file = directory.resolve("tiny.yaml");
    Files.writeString(
        file,
        """
        run: {name: tiny}
        schedule: {phases: [{phase: adversarial, iterations: 4}]}
        output: {dir: '%s', checkpoint-interval: 4, keep-checkpoints: 1}
        data:
          classes: synthetic-8
          source: {dataset: synthetic-source, split: train, width: 64, height: 32}
          target: {dataset: synthetic-target, split: train, width: 64, height: 32}
          evaluation: {dataset: synthetic-target, split: val, width: 64, height: 32}
        model: {layers: [1, 1, 1, 1], base-width: 4, head-rates: [1], discriminator-width: 4}
        optimizer: {generator: {learning-rate: 0.01}}
        cluster: {threads-per-worker: %s}
        evaluation: {interval: 1}
        """
            .formatted(directory.resolve("run"), TinyRun.THREADS));
    List<String> arguments = new ArrayList<>(List.of(command, "--config", file.toString()));
    arguments.addAll(List.of(more));
    Ended ended = ProgramRun.of(arguments);
    assertThat(ended.code()).as(ended.all()).isEqualTo(Main.DONE);
    return ended.out();
  }

  private JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(directory.resolve("run").resolve(file).toFile());
  }

  @Test
  void theBestIsKeptBesideTheLastAndAlwaysSaysHowItWasChosen() throws IOException {
    String text = run("train");

    JsonNode last = json("scores.json");
    JsonNode best = json("scores-best-on-target-labels.json");
    assertThat(last.get("iteration").asInt()).isEqualTo(4);
    assertThat(last.get("selection").asText()).isEqualTo("last checkpoint");
    assertThat(last.get("dataset").asText()).isEqualTo("synthetic-target, split val");
    assertThat(last.get("training").asText()).isEqualTo("adversarial");
    assertThat(last.get("protocol").asText()).isEqualTo("8 classes (synthetic-8)");
    assertThat(best.get("selection").asText()).contains("chosen with target labels");
    assertThat(best.get("miou").asDouble()).isGreaterThanOrEqualTo(last.get("miou").asDouble());
    assertThat(text)
        .contains(
            "8 classes (synthetic-8); on synthetic-target, split val; adversarial; last checkpoint")
        .contains("Best on target validation, chosen with target labels: mIoU ");
    Path checkpoint =
        directory
            .resolve("run/best-on-target-labels")
            .resolve("iteration-%07d".formatted(best.get("iteration").asInt()));
    assertThat(checkpoint.resolve("state.json")).exists();

    String again =
        run(
            "evaluate",
            "--checkpoint",
            checkpoint.toString(),
            "--json",
            directory.resolve("run/again.json").toString());

    assertThat(again).contains("chosen with target labels");
    assertThat(json("again.json").get("miou")).isEqualTo(best.get("miou"));
    assertThat(run("evaluate", "--checkpoint", checkpoint.getParent().toString())).isEqualTo(again);
    Path all = directory.resolve("run/checkpoints");
    assertThat(run("evaluate", "--checkpoint", all.toString()))
        .as("the newest of a folder of checkpoints")
        .contains("iteration 4");
  }

  @Test
  void anOracleAndAClassSetAreSaidAsSuch() throws IOException {
    Path few = directory.resolve("few.yaml");
    Files.writeString(
        few,
        """
        name: few
        classes: [{name: road, rgb: [128, 64, 128]}, {name: sky, rgb: [70, 130, 180]}]
        """);

    String text =
        run(
            "train",
            "--set=schedule.phases.0={phase: oracle, iterations: 2}",
            "--set=evaluation={interval: 0, classes: '" + few + "'}");

    JsonNode last = json("scores.json");
    assertThat(last.get("training").asText()).isEqualTo("oracle: trained on target labels");
    assertThat(last.get("protocol").asText()).isEqualTo("8-way head averaged over 2 (few)");
    assertThat(last.get("iou")).hasSize(8);
    assertThat(last.get("iou").get(1).isNull()).isTrue();
    double mean = (last.get("iou").get(0).asDouble() + last.get("iou").get(4).asDouble()) / 2;
    assertThat(last.get("miou").asDouble()).isEqualTo(mean);
    assertThat(text)
        .contains(
            "8-way head averaged over 2 (few); on synthetic-target, split val; oracle: trained on"
                + " target labels;")
        .doesNotContain("Best on target");
    assertThat(directory.resolve("run/best-on-target-labels")).doesNotExist();
  }
}
