package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.testing.DatasetFixtures;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One image that cannot be decoded, in a dataset of ten thousand, costs that image. */
@Tag("faults")
class OneBadImageTest {
  private static final int SAMPLES = 10_000;
  private static final String BAD = "images/06174.png";

  @TempDir Path directory;

  @Test
  void costsThatImage() throws IOException {
    writeDatasets();

    Ended ingest =
        ProgramRun.of(
            List.of(
                "ingest",
                "--dataset=gta5",
                "--root=" + directory.resolve("gta5"),
                "--split=all",
                "--output=" + directory.resolve("manifest")));
    assertThat(ingest.code()).as(ingest.err()).isEqualTo(Main.FAILURE);
    assertThat(ingest.out())
        .contains("10000 images, 10000 labels")
        .contains("1 samples: undecodable-image 1")
        .contains(BAD);

    Ended refused = train();
    assertThat(refused.code()).isEqualTo(Main.FAILURE);
    assertThat(refused.err())
        .contains("expected at most 0 bad samples (data.skip-bad-samples), found 1 of 10000")
        .contains(BAD);
    assertThat(directory.resolve("run")).doesNotExist();

    Ended trained = train("--set=data.skip-bad-samples=1");
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out())
        .contains("data.source: 1 bad samples are left out, 9999 are used")
        .contains(BAD);
    assertThat(directory.resolve("run/checkpoints/iteration-0000002/state.json")).exists();
  }

  /** Ten thousand tiny images, each its own, names of one label, and one file that is no image. */
  private void writeDatasets() throws IOException {
    DatasetFixtures.cityscapes(directory.resolve("cityscapes"));
    BufferedImage image = DatasetFixtures.picture(0, 16, 8);
    Path label = directory.resolve("label.png");
    DatasetFixtures.write(label, DatasetFixtures.grey(DatasetFixtures.CITYSCAPES_IDS, 0, 16, 8));
    Path root = directory.resolve("gta5");
    Files.createDirectories(root.resolve("images"));
    Files.createDirectories(root.resolve("labels"));
    for (int n = 1; n <= SAMPLES; n++) {
      String name = "%05d.png".formatted(n);
      image.setRGB(0, 0, n);
      DatasetFixtures.write(root.resolve("images").resolve(name), image);
      Files.createLink(root.resolve("labels").resolve(name), label);
    }
    Files.delete(root.resolve(BAD));
    Files.writeString(root.resolve(BAD), "no image");
  }

  private Ended train(String... more) throws IOException {
    Path config = directory.resolve("run.yaml");
    Files.writeString(
        config,
        """
        run: {name: test}
        schedule: {phases: [{phase: adversarial, iterations: 2}]}
        output: {dir: %1$s/run}
        data:
          classes: cityscapes-19
          source: {dataset: gta5, manifest: %1$s/manifest, split: all, width: 32, height: 32}
          target: {dataset: cityscapes, root: %1$s/cityscapes, split: train, width: 32, height: 32}
          evaluation: {dataset: cityscapes, root: %1$s/cityscapes, split: val, width: 32, height: 32}
        model: {layers: [1, 1, 1, 1], base-width: 4, head-rates: [1, 2], discriminator-width: 4}
        cluster: {threads-per-worker: 1}
        evaluation: {interval: 0}
        """
            .formatted(directory));
    List<String> arguments = new ArrayList<>(List.of("train", "--config=" + config));
    arguments.addAll(List.of(more));
    return ProgramRun.of(arguments);
  }
}
