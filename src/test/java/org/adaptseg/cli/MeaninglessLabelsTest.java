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
import org.adaptseg.testing.Fuzz;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels that are well formed and would teach nothing, or something else. */
class MeaninglessLabelsTest {
  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(
        directory.resolve("two.yaml"),
        """
        name: two
        classes:
          - {name: ground, rgb: [128, 64, 128]}
          - {name: thing, rgb: [0, 0, 142]}
        """);
    DatasetFixtures.write(directory.resolve("images/a.png"), DatasetFixtures.picture(1, 64, 48));
  }

  private void label(List<Integer> ids) throws IOException {
    DatasetFixtures.write(directory.resolve("labels/a.png"), DatasetFixtures.grey(ids, 1, 64, 48));
  }

  private void colours(int first, int second) throws IOException {
    BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < 64 * 48; i++) {
      image.setRGB(i % 64, i / 64, i % 64 < 20 ? first : second);
    }
    DatasetFixtures.write(directory.resolve("labels/a.png"), image);
  }

  private String own(String more) throws IOException {
    Path own = directory.resolve("own.yaml");
    Files.writeString(
        own,
        """
        kind: files
        name: own
        splits: {all: images/*}
        label-path:
          - {replace: images/, with: labels/}
          - {replace: .png|.jpg, with: .png}
        """
            + more);
    return own.toString();
  }

  private Ended dryRun(String dataset) throws IOException {
    Path config = directory.resolve("run.yaml");
    Files.writeString(
        config,
        """
        run: {name: test}
        schedule: {phases: [{phase: adversarial, iterations: 1}]}
        output: {dir: %1$s/run}
        data:
          classes: %1$s/two.yaml
          source: {dataset: %2$s, root: %1$s, split: all, width: 64, height: 48}
          target: {dataset: %2$s, root: %1$s, split: all, width: 64, height: 48}
          evaluation: {dataset: %2$s, root: %1$s, split: all, width: 64, height: 48}
        model: {layers: [1, 1, 1, 1], base-width: 4, discriminator-width: 4}
        cluster: {threads-per-worker: 1}
        """
            .formatted(directory, dataset));
    return ProgramRun.of(List.of("train", "--config=" + config, "--dry-run"));
  }

  private Ended ingest(String dataset, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "ingest",
                "--dataset=" + dataset,
                "--root=" + directory,
                "--split=all",
                "--classes=" + directory.resolve("two.yaml"),
                "--output=" + directory.resolve("manifest"),
                "--overwrite"));
    arguments.addAll(List.of(more));
    return ProgramRun.of(arguments);
  }

  @Test
  void aMaskOf0And255IsSaidBeforeTrainingAndByIngest() throws IOException {
    label(List.of(0, 255));
    String expected =
        "no pixel of class thing in the 1 labels that were read (values found: 0, 255); these are"
            + " masks of 0 and 255, and 255 is ignored";

    Ended run = dryRun("folders");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("data.source: " + expected)
        .contains("data.evaluation: " + expected);
    Ended ingested = ingest("folders");
    assertThat(ingested.out()).contains(expected);
    assertThat(ingested.code()).as("black and white is hardly ever meant").isEqualTo(Main.FAILURE);
    assertThat(ingest("folders", "--allow-bad").code()).isZero();
    String lacking = own("lacks: [thing]\n");
    assertThat(ingest(lacking).code()).as("a class that is said to be lacking").isZero();
    label(List.of(0, 1, 255));
    assertThat(ingest("folders").code()).isZero();
  }

  @Test
  void aSplitWhoseLabelsAreAllIgnoredIsRefusedWithAndWithoutAManifest() throws IOException {
    label(List.of(255));

    Ended run = dryRun("folders");

    assertThat(run.code()).isNotZero();
    assertThat(run.err())
        .contains("data.source: expected labels with pixels of classes, found only ignored ones");
    assertThat(ingest("folders").out()).contains("found only ignored ones in all 1 labels");
    Ended fromManifest =
        ProgramRun.of(
            List.of(
                "train",
                "--config=" + directory.resolve("run.yaml"),
                "--dry-run",
                "--set=data.check-samples=0",
                "--set=data.source.manifest=" + directory.resolve("manifest")));
    assertThat(fromManifest.code()).isNotZero();
    assertThat(fromManifest.err()).contains("found only ignored ones");
  }

  @Test
  void coloursAreRefusedUnlessTheDescriptionSaysWhatTheyAre() throws IOException {
    colours(0x000100, 0x010000); // whose first channels are known ids

    Ended plain = dryRun("folders");
    assertThat(plain.code()).isNotZero();
    assertThat(plain.err()).contains("data.source: Cannot read labels: expected one value a pixel");
    assertThat(dryRun(own("labels: first-channel\n")).code()).isZero();
    assertThat(dryRun(own("labels: colours\n")).err())
        .contains("expected colours of the table, found (1, 0, 0) in 2112 pixels (nearest: thing");

    colours(0x804080, 0x00008E);
    Ended run = dryRun(own("labels: colours\n"));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).doesNotContain("no pixel of");
    assertThat(ingest(own("labels: colours\n")).out())
        .contains("problems         none")
        .containsPattern("ground +960 ")
        .containsPattern("thing +2112 ");
    Ended table =
        dryRun(
            own(
                """
                labels: colours
                colours:
                  - {name: ground, rgb: [0, 0, 142]}
                  - {name: ignore, rgb: [128, 64, 128]}
                  - {name: thing, rgb: [1, 2, 3]}
                """));
    assertThat(table.code()).as(table.err()).isZero();
    assertThat(table.out()).contains("no pixel of class thing in the 1 labels that were read");
  }

  private void turnedPicture(int width, int height) throws IOException {
    Files.delete(directory.resolve("images/a.png"));
    Path image = directory.resolve("images/a.jpg");
    DatasetFixtures.write(image, DatasetFixtures.picture(1, width, height));
    byte[] exif = {
      -1, -31, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 18, 1, 3, 0, 1,
      0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0
    };
    Files.write(image, Fuzz.splice(Files.readAllBytes(image), 2, 2, exif));
  }

  @Test
  void aSquarePictureThatItsTagTurnsIsSaidSinceItsLabelFitsBothWays() throws IOException {
    turnedPicture(64, 64);
    DatasetFixtures.write(
        directory.resolve("labels/a.png"), DatasetFixtures.grey(List.of(0, 1), 1, 64, 64));

    Ended run = dryRun("folders");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "data.source: 1 of the samples that were read have another EXIF orientation in the image than in the label (images/a.jpg: 6,"
                + " to be turned by 90 degrees)")
        .doesNotContain("data.target: 1 of the images");
    assertThat(ingest("folders").out())
        .contains(
            "1 of the samples that were read have another EXIF orientation in the image than in the label (images/a.jpg: 6,");
  }

  @Test
  void aPictureThatItsTagTurnsAndAnUprightLabelAreRefused() throws IOException {
    turnedPicture(64, 48);
    DatasetFixtures.write(
        directory.resolve("labels/a.png"), DatasetFixtures.grey(List.of(0, 1), 1, 48, 64));

    Ended run = dryRun("folders");

    assertThat(run.code()).isNotZero();
    assertThat(run.err())
        .contains("data.source: expected a label of 64x48 like its image, found 48x64")
        .contains("EXIF orientation (6, to be turned by 90 degrees)");
  }
}
