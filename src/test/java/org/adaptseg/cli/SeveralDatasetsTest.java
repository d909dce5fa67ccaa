package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.adaptseg.data.streets.StreetDomain;
import org.adaptseg.data.streets.SyntheticWriter;
import org.adaptseg.data.streets.SyntheticWriter.Streets;
import org.adaptseg.testing.DatasetFixtures;
import org.adaptseg.testing.Ended;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/data.md, a few labelled target images beside many others, as it is. */
@Tag("command")
class SeveralDatasetsTest {
  @TempDir static Path directory;
  private static Path config;

  @BeforeAll
  static void write() throws IOException {
    SyntheticWriter writer = new SyntheticWriter(new Configuration(false), 1, 64, 32);
    writer.writeGta5(data("GTA5"), new Streets(StreetDomain.SOURCE.appearance(), 0, 6));
    Streets streets = new Streets(StreetDomain.TARGET.appearance(), 0, 3);
    writer.writeCityscapes(data("Cityscapes"), streets, streets);
    for (String name : List.of("a.png", "b.png")) {
      DatasetFixtures.write(
          Path.of(data("labelled"), "images", name), DatasetFixtures.picture(1, 48, 40));
      DatasetFixtures.write(
          Path.of(data("labelled"), "labels", name),
          DatasetFixtures.grey(List.of(0, 2, 10, 13), 1, 48, 40));
    }
    config = directory.resolve("run.yaml");
    Files.writeString(
        config,
        """
        run: {name: few, seed: 5}
        schedule: {phases: [{phase: adversarial, iterations: 8}]}
        output: {dir: unset, checkpoint-interval: 4, keep-checkpoints: 5}
        data:
        %s
        model: {layers: [1, 1, 1, 1], base-width: 8, head-rates: [1, 2], discriminator-width: 8}
        cluster: {workers: 2, scaling: work, threads-per-worker: 1, averaging-interval: 2}
        evaluation: {interval: 0}
        """
            .formatted(example().indent(2)));
  }

  private static String data(String name) {
    return directory.resolve(name).toString();
  }

  /** With the data of this test, in its sizes. */
  private static String example() throws IOException {
    Matcher block =
        Pattern.compile("```yaml\n(classes: cityscapes-19\nsource:\n.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/data.md")));
    assertThat(block.find()).isTrue();
    return block
        .group(1)
        .replace("/data/", directory + "/")
        .replace("width: 1280, height: 720", "width: 64, height: 32")
        .replace("width: 1024, height: 512", "width: 48, height: 40");
  }

  private static List<String> train(String run, String... more) {
    List<String> arguments = new ArrayList<>(List.of("train", "--config=" + config));
    arguments.add("--set=output.dir=" + directory.resolve(run));
    arguments.addAll(List.of(more));
    return arguments;
  }

  @Test
  void aFewLabelledTargetImagesAreOneSampleInTenAndResumeGoesOnWithTheSameOrder()
      throws IOException {
    SmallTraining.succeed(Map.of(), train("whole"));

    String half = "--set=schedule.phases.0.iterations=4";
    SmallTraining.succeed(
        Map.of(),
        List.of(
            "ingest",
            "--dataset=gta5",
            "--root=" + data("GTA5"),
            "--split=all",
            "--output=" + data("manifest")));
    SmallTraining.succeed(
        Map.of(), train("parts", half, "--set=data.source.0.manifest=" + data("manifest")));
    SmallTraining.succeed(Map.of(), train("parts", "--resume"));

    assertThat(SmallTraining.vectors(directory.resolve("parts")))
        .hasSize(16)
        .isEqualTo(SmallTraining.vectors(directory.resolve("whole")));
    String report = Files.readString(directory.resolve("whole/report/index.html"));
    assertThat(report)
        .contains("90.0 % from gta5/all, 6 images at 64 × 32 px")
        .contains("10.0 % from folders/all, 2 images at 48 × 40 px")
        .contains("From gta5 and folders to cityscapes");
    assertThat(Files.readString(directory.resolve("whole/scores.json")))
        .contains("labels of gta5 and folders");
  }

  @Test
  void aDryRunSaysTheSharesAndCountsTheLabelsOfEachSplit() {
    Ended run = SmallTraining.succeed(Map.of(), train("dry", "--dry-run"));

    assertThat(run.out())
        .contains(
            "8 source images (data.source[0]: 6, 90.0 % of the samples; data.source[1]: 2, 10.0 %"
                + " of the samples), 3 target images, 3 evaluation images")
        .contains("data.source[0]: no pixel of classes wall, fence")
        .contains("data.source[1]: no pixel of classes sidewalk, wall");
  }

  @Test
  void anUnlabelledDatasetAmongTheSourcesIsNamed() {
    String images =
        "{dataset: cityscapes, root: %s, split: test, width: 48, height: 40}"
            .formatted(data("GTA5"));
    Ended empty = SmallTraining.run(Map.of(), train("no", "--set=data.source.1=" + images));
    assertThat(empty.code()).isEqualTo(1);
    assertThat(empty.err()).contains("data.source[1] (" + data("GTA5") + "): ");

    SmallTraining.succeed(
        Map.of(),
        List.of(
            "ingest",
            "--dataset=folders",
            "--root=" + data("labelled"),
            "--split=all",
            "--no-labels",
            "--allow-bad", // both images are one
            "--output=" + data("unlabelled")));
    Ended unlabelled =
        SmallTraining.run(
            Map.of(), train("no", "--set=data.source.1.manifest=" + data("unlabelled")));
    assertThat(unlabelled.code()).isEqualTo(1);
    assertThat(unlabelled.err())
        .contains("data.source[1] (" + data("unlabelled") + "): expected a manifest with labels");
  }
}
