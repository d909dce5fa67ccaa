package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.adaptseg.testing.DatasetFixtures;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ingest}, and {@code train} with and without what it wrote, by the program's commands. */
@Tag("command")
class IngestTest {
  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    DatasetFixtures.gta5(directory.resolve("gta5"));
    DatasetFixtures.cityscapes(directory.resolve("cityscapes"));
  }

  private Ended ingest(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "ingest",
                "--dataset=gta5",
                "--root=" + directory.resolve("gta5"),
                "--split=all",
                "--output=" + directory.resolve("manifest")));
    arguments.addAll(List.of(more));
    return ProgramRun.of(arguments);
  }

  private Ended dryRun(String... overrides) throws IOException {
    Path config = directory.resolve("run.yaml");
    Files.writeString(
        config,
        """
        run: {name: test}
        schedule: {phases: [{phase: adversarial, iterations: 1}]}
        output: {dir: %1$s/run}
        data:
          classes: cityscapes-19
          source: {dataset: gta5, root: %1$s/gta5, split: all, width: 64, height: 32}
          target: {dataset: cityscapes, root: %1$s/cityscapes, split: train, width: 64, height: 32}
          evaluation: {dataset: cityscapes, root: %1$s/cityscapes, split: val, width: 64, height: 32}
        model: {layers: [1, 1, 1, 1], base-width: 4, discriminator-width: 4}
        cluster: {threads-per-worker: 1}
        """
            .formatted(directory));
    List<String> arguments = new ArrayList<>(List.of("train", "--config=" + config, "--dry-run"));
    for (String override : overrides) {
      arguments.add("--set=" + override);
    }
    return ProgramRun.of(arguments);
  }

  private String manifest() {
    return "data.source.manifest=" + directory.resolve("manifest");
  }

  private void spoil() throws IOException {
    Files.writeString(directory.resolve("gta5/images/00003.png"), "no image");
    DatasetFixtures.write(
        directory.resolve("gta5/labels/00010.png"),
        DatasetFixtures.grey(List.of(7, 99), 2, 40, 20));
  }

  @Test
  void theTableShowsFilesSizesProblemsAndClasses() throws IOException {
    spoil();

    Ended run = ingest();

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isEqualTo(1);
    assertThat(ingest("--allow-bad", "--overwrite").code()).isZero();
    assertThat(run.out())
        .contains("dataset          gta5, split all")
        .contains("3 images, 3 labels")
        .contains("mean 40.0x20.0; 40x20 (2)")
        .contains("2 samples: undecodable-image 1, unknown-label-value 1")
        .containsPattern("road +\\d+ +\\d+\\.\\d{3} %")
        .contains("unknown-label-value: expected ids of the label map, found 99 (labels/00010.png)")
        .contains("images/00003.png")
        .contains("Manifest: " + directory.resolve("manifest"));
    assertThat(directory.resolve("manifest/manifest.json")).exists();
  }

  @Test
  void aManifestInTheWayIsReplacedOnRequestOnly() {
    assertThat(ingest().code()).isZero();

    Ended again = ingest();
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("expected a directory that is new or empty, or --overwrite");

    assertThat(ingest("--overwrite").code()).isZero();
  }

  @Test
  void trainingFromAManifestListsNothingAndNeedsNoRoot() throws IOException {
    assertThat(ingest().code()).isZero();
    // A listing would find this one.
    Files.writeString(directory.resolve("gta5/images/00099.png"), "new");

    Ended run = dryRun(manifest(), "data.source.root=''");

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("3 source images, 2 target images, 1 evaluation images");
  }

  @Test
  void trainingRefusesBadSamplesUnlessSoManyMayBeLeftOutAndThenNamesThem() throws IOException {
    spoil();
    assertThat(ingest("--allow-bad").code()).isZero();

    Ended refused = dryRun(manifest(), "data.skip-bad-samples=1");
    assertThat(refused.code()).isNotZero();
    assertThat(refused.err())
        .contains("expected at most 1 bad samples (data.skip-bad-samples), found 2 of 3")
        .contains("images/00003.png")
        .contains("labels/00010.png");

    Ended allowed = dryRun(manifest(), "data.skip-bad-samples=2");
    assertThat(allowed.err()).isEmpty();
    assertThat(allowed.code()).isZero();
    assertThat(allowed.out())
        .contains("data.source: 2 bad samples are left out, 1 are used")
        .contains("images/00003.png")
        .contains("1 source images");
  }

  @Test
  void filesThatAreNoLongerThoseOfTheManifestAreRefusedBeforeTraining() throws IOException {
    ingest();
    Path label = directory.resolve("gta5/labels/00001.png");
    byte[] changed = Files.readAllBytes(label);
    Files.write(label, Arrays.copyOf(changed, changed.length + 1));

    Ended run = dryRun(manifest());

    assertThat(run.code()).isNotZero();
    assertThat(run.err())
        .contains("data.source: expected the file that ingest read (SHA-256 ")
        .contains("(labels/00001.png)");
  }

  @Test
  void anInterruptedManifestIsRefused() throws IOException {
    assertThat(ingest().code()).isZero();
    Files.delete(directory.resolve("manifest/manifest.json"));

    Ended run = dryRun(manifest());

    assertThat(run.code()).isNotZero();
    assertThat(run.err()).contains("Cannot read a manifest: expected the file manifest.json");
  }

  @Test
  void withoutAManifestBadFilesOfAllSplitsAreRefusedBeforeTrainingAndTogether() throws IOException {
    spoil();
    Files.writeString(
        directory.resolve(
            "cityscapes/leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png"),
        "no image");

    Ended run = dryRun();

    assertThat(run.code()).isNotZero();
    assertThat(run.err())
        .contains("3 problems")
        .contains("data.source: Cannot decode an image: expected PNG or JPEG")
        .contains("data.source: expected ids of the label map, found 99 (labels/00010.png)")
        .contains("data.target: Cannot decode an image")
        .contains("aachen_000000_000019_leftImg8bit.png");
    assertThat(directory.resolve("run")).doesNotExist();
  }

  @Test
  void aSplitLargerThanTheBoundIsCheckedInPartAndSaysSo() throws IOException {
    Ended run = dryRun("data.check-samples=2");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("data.source: 2 of 3 samples are checked before the run (data.check-samples)");
  }

  @Test
  void trainIdsNeedTheirLabelSpace() throws IOException {
    Path own = directory.resolve("own");
    DatasetFixtures.folders(own, 8);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "ingest",
                "--dataset=folders",
                "--root=" + own,
                "--split=train",
                "--output=" + directory.resolve("m")));

    Ended without = ProgramRun.of(arguments);
    assertThat(without.code()).isEqualTo(2);
    assertThat(without.err()).contains("--classes: expected the label space");

    arguments.add("--classes=synthetic-8");
    Ended with = ProgramRun.of(arguments);
    assertThat(with.code()).isZero();
    assertThat(with.out()).contains("problems         none").contains("pole");
  }
}
