package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.adaptseg.data.streets.StreetDomain;
import org.adaptseg.data.streets.SyntheticWriter;
import org.adaptseg.data.streets.SyntheticWriter.Streets;
import org.adaptseg.testing.Ended;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Crops, colours, rare classes, warm-up and basic blocks together, in whole trainings. */
@Tag("command")
class TrainingSettingsTest {
  @TempDir static Path directory;
  private static Path config;

  @BeforeAll
  static void write() throws IOException {
    SyntheticWriter writer = new SyntheticWriter(new Configuration(false), 1, 96, 64);
    writer.writeGta5(data("GTA5"), new Streets(StreetDomain.SOURCE.appearance(), 0, 8));
    Streets streets = new Streets(StreetDomain.TARGET.appearance(), 0, 3);
    writer.writeCityscapes(data("Cityscapes"), streets, streets);
    config = directory.resolve("run.yaml");
    Files.writeString(
        config,
        """
        run: {name: settings, seed: 5}
        schedule: {phases: [{phase: adversarial, iterations: 8}]}
        output: {dir: unset, checkpoint-interval: 4, keep-checkpoints: 5}
        data:
          classes: cityscapes-19
          source:
            {dataset: gta5, manifest: '%1$s/manifest', split: all, width: 96, height: 64,
             crop: {width: 48, height: 40}, jitter: {brightness: 0.4, blur: 1}}
          target:
            {dataset: cityscapes, root: '%1$s/Cityscapes', split: train, width: 64, height: 32,
             crop: {width: 32, height: 32}, jitter: {contrast: 0.2, saturation: 0.3}}
          evaluation:
            {dataset: cityscapes, root: '%1$s/Cityscapes', split: val, width: 64, height: 32}
          augmentation: {mirror: true, least-scale: 0.75, greatest-scale: 1.5}
          rare-classes: {sampling: true, temperature: 0.1, least-pixels: 20}
        model: {block: basic, layers: [1, 1, 1, 1], base-width: 8, discriminator-width: 8}
        optimizer: {batch-size: 2, warmup: {iterations: 3}}
        cluster: {workers: 2, scaling: work, threads-per-worker: 1, averaging-interval: 2}
        evaluation: {interval: 0}
        """
            .formatted(directory));
    ingest("GTA5", "manifest");
  }

  private static void ingest(String root, String manifest) {
    SmallTraining.succeed(
        Map.of(),
        List.of(
            "ingest",
            "--dataset=gta5",
            "--root=" + data(root),
            "--split=all",
            "--output=" + data(manifest)));
  }

  private static String data(String name) {
    return directory.resolve(name).toString();
  }

  private static List<String> train(String run, String... more) {
    List<String> arguments = new ArrayList<>(List.of("train", "--config=" + config));
    arguments.add("--set=output.dir=" + directory.resolve(run));
    arguments.addAll(List.of(more));
    return arguments;
  }

  @Test
  void aRunThatResumesGoesOnWithTheSameImagesPlacesAndColours() throws IOException {
    Ended dry = SmallTraining.succeed(Map.of(), train("dry", "--dry-run"));
    assertThat(dry.out())
        .containsPattern("data.source: images are drawn by their classes: [a-z ]+ [\\d.]+ % \\(")
        .contains("images: 32 of the source (drawn by their classes from 8), 32 of the target")
        .contains("rising to 0.00");
    SmallTraining.succeed(Map.of(), train("whole"));
    SmallTraining.succeed(Map.of(), train("parts", "--set=schedule.phases.0.iterations=4"));
    SmallTraining.succeed(Map.of(), train("parts", "--resume"));

    assertThat(SmallTraining.vectors(directory.resolve("parts")))
        .hasSize(16)
        .isEqualTo(SmallTraining.vectors(directory.resolve("whole")));
    assertThat(Files.readString(directory.resolve("whole/report/index.html")))
        .contains("gta5/all, 8 images at 96 × 64 px, trained in crops of 48 × 40 px");
  }

  @Test
  void otherLabelsOfTheSameFilesAreAnotherOrderWhichAResumedRunRefuses() throws IOException {
    SmallTraining.succeed(Map.of(), train("labels", "--set=schedule.phases.0.iterations=4"));
    new SyntheticWriter(new Configuration(false), 2, 96, 64)
        .writeGta5(data("other"), new Streets(StreetDomain.SOURCE.appearance(), 0, 8));
    ingest("other", "other-manifest");

    String other = "--set=data.source.manifest=" + data("other-manifest");
    Ended refused = SmallTraining.run(Map.of(), train("labels", "--resume", other));
    assertThat(refused.code()).isNotZero();
    assertThat(refused.err()).contains("data.source.rare-classes.files", "SHA-256", "--accept");
    SmallTraining.succeed(
        Map.of(), train("labels", "--resume", other, "--accept=data.source.rare-classes.files"));
  }

  @Test
  void classesThatNoImageHasEnoughOfLeaveNothingToDraw() {
    Ended refused =
        SmallTraining.run(
            Map.of(), train("none", "--dry-run", "--set=data.rare-classes.least-pixels=7000"));

    assertThat(refused.code()).isNotZero();
    assertThat(refused.err())
        .contains(
            "expected an image with 7000 pixels of a class (data.rare-classes.least-pixels), found"
                + " none");
  }
}
