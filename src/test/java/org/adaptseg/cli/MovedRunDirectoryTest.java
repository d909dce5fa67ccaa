package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.LocalSpark;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run directory is all that is needed of a run, wherever it is. */
@Tag("command")
class MovedRunDirectoryTest {
  private static final String SPACE =
      """
      name: mine
      classes:
        - {name: road, rgb: [128, 64, 128]}
        - {name: building, rgb: [70, 70, 70]}
        - {name: sky, rgb: [70, 130, 180]}
      """;

  @TempDir static Path shared;
  private static LocalSpark spark;
  private static Path trained;
  private static Map<String, String> vectors;

  @TempDir Path directory;
  private Path moved;

  /** Trains with files of its own, then deletes all but the run directory. */
  @BeforeAll
  static void train() throws IOException {
    spark = LocalSpark.start("local[2]", Map.of());
    Path conf = shared.resolve("conf");
    List<String> arguments = SmallTraining.train(conf);
    Files.writeString(conf.resolve("space.yaml"), SPACE);
    Files.writeString(conf.resolve("scored.yaml"), SPACE.replaceFirst("  - \\{name: sky.*\n", ""));
    for (String setting :
        List.of(
            "schedule.phases.0.iterations=4",
            "output.checkpoint-interval=2",
            "data.classes=" + conf.resolve("space.yaml"),
            "evaluation.classes=" + conf.resolve("scored.yaml"))) {
      arguments.addAll(List.of("--set", setting));
    }
    SmallTraining.succeed(Map.of(), arguments);
    trained = shared.resolve("trained");
    FileUtils.moveDirectory(conf.resolve("run").toFile(), trained.toFile());
    FileUtils.deleteDirectory(conf.toFile());
    vectors = SmallTraining.vectors(trained);
    assertThat(vectors.keySet()).anyMatch(file -> file.startsWith("iteration-0000004"));
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void move() throws IOException {
    moved = directory.resolve("else where");
    FileUtils.copyDirectory(trained.toFile(), moved.toFile());
  }

  private String config() {
    return "--config=" + moved.resolve("config.yaml");
  }

  private static Ended run(String... arguments) {
    return SmallTraining.run(Map.of(), List.of(arguments));
  }

  private static Ended succeed(String... arguments) {
    return SmallTraining.succeed(Map.of(), List.of(arguments));
  }

  @Test
  void itHoldsWhatItWasMadeFrom() throws IOException {
    assertThat(moved.resolve("made-from")).isDirectoryContaining("glob:**/{mine,mine-2,a,b}.yaml");
    assertThat(Files.readString(moved.resolve("config.yaml")))
        .contains("classes: made-from/mine.yaml", "dataset: made-from/a.yaml");
  }

  @Test
  void itEvaluatesByItsConfigurationOrByACheckpointAlone() {
    String table = succeed("evaluate", config()).out();
    assertThat(table).contains("building", "3-way head averaged over 2 (mine)");
    assertThat(succeed("evaluate", "--config=" + moved).out()).isEqualTo(table);
    Path checkpoint = moved.resolve("checkpoints/iteration-0000004");
    String scores = table.substring(0, table.lastIndexOf("3-way"));
    assertThat(succeed("evaluate", "--checkpoint=" + checkpoint).out()).startsWith(scores);
  }

  @Test
  void itPredictsAndExports() throws IOException {
    Path image = directory.resolve("images/a.png");
    Files.createDirectories(image.getParent());
    ImageIO.write(new BufferedImage(80, 40, BufferedImage.TYPE_INT_RGB), "png", image.toFile());
    Path output = directory.resolve("out");
    succeed(
        "predict",
        config(),
        "--input=" + image.getParent(),
        "--output=" + output,
        "--ids=cityscapes");
    assertThat(output.resolve("label-ids/a.png")).exists();
    Path file = directory.resolve("w.safetensors");
    succeed("weights", "export", "--checkpoint=" + moved, "--output=" + file);
    assertThat(file).exists();
  }

  @Test
  void itResumesWithTheSameBits() throws IOException {
    FileUtils.deleteDirectory(moved.resolve("checkpoints/iteration-0000004").toFile());
    String written = Files.readString(moved.resolve("config.yaml"));
    String out = succeed("train", config(), "--resume").out();
    assertThat(out).contains("Run directory: " + moved);
    assertThat(SmallTraining.vectors(moved)).isEqualTo(vectors);
    assertThat(Files.readString(moved.resolve("config.yaml")).replaceAll("dir: .*", ""))
        .isEqualTo(written.replaceAll("dir: .*", ""));
    assertThat(shared.resolve("conf")).doesNotExist();
  }

  private Ended resume(String... settings) throws IOException {
    FileUtils.deleteDirectory(moved.resolve("checkpoints/iteration-0000004").toFile());
    List<String> arguments = new ArrayList<>(List.of("train", config(), "--resume"));
    arguments.addAll(List.of(settings));
    return SmallTraining.run(Map.of(), arguments);
  }

  @Test
  void whatChangesResultsIsListedKeyByKeyAndRefused() throws IOException {
    Path space =
        Files.writeString(
            directory.resolve("s.yaml"), SPACE.replace("[70, 70, 70]", "[71, 70, 70]"));
    Ended ended =
        resume(
            "--set=cluster.workers=1",
            "--set=optimizer.generator.learning-rate=0.5",
            "--set=output.keep-checkpoints=7",
            "--set=schedule.phases.0.phase=source-only",
            "--set=data.classes=" + space);
    assertThat(ended.code()).isEqualTo(Main.BAD_USAGE);
    assertThat(ended.err())
        .contains("cluster.workers: was 2, is now 1; this changes results")
        .contains("optimizer.generator.learning-rate: was 2.5E-4, is now 0.5; this changes results")
        .contains(
            "schedule.phases.0.phase: was adversarial, is now source-only; the 2 iterations that"
                + " were made do not fit")
        .contains("--accept cluster.workers --accept optimizer.generator.learning-rate")
        .doesNotContain("keep-checkpoints", "rgb");
  }

  @Test
  void aRunOfAVersionWithoutScalingContinuesAsItWasMade() throws IOException {
    Path saved = moved.resolve("config.yaml");
    String old = Files.readString(saved).replaceAll("\n  (scaling|rate-scaling|warmup): .*", "");
    Files.writeString(saved, old);
    Path own =
        Files.writeString(
            directory.resolve("own.yaml"),
            old.replace("made-from/", moved + "/made-from/")
                .replaceAll("dir: .*", "dir: " + moved));
    FileUtils.deleteDirectory(moved.resolve("checkpoints/iteration-0000004").toFile());

    Ended other = run("train", "--config=" + own, "--resume", "--set=cluster.scaling=time");
    assertThat(other.code()).isEqualTo(Main.BAD_USAGE);
    assertThat(other.err())
        .contains("scaling: was work, is now time; the 2 iterations that were made do not fit");

    succeed("train", "--config=" + own, "--resume");
    assertThat(SmallTraining.vectors(moved)).isEqualTo(vectors);
    assertThat(Files.readString(saved)).contains("scaling: work");
  }

  @Test
  void whatDoesNotChangeResultsIsSaidAndSoIsWhatIsAccepted() throws IOException {
    Ended ended =
        resume(
            "--set=output.keep-checkpoints=7",
            "--set=schedule.phases.0.iterations=6",
            "--set=loss.adversarial-weight={aux: 0.5, main: 0.001}",
            "--accept=loss.adversarial-weight.aux");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("output.keep-checkpoints: was 3, is now 7 (results stay the same)")
        .contains("schedule.phases.0.iterations: was 4, is now 6 (results stay the same)")
        .containsPattern("adversarial-weight.aux: was .*, is now 0.5 \\(accepted: results change");
    assertThat(moved.resolve("checkpoints/iteration-0000006/state.json")).exists();
  }

  @Test
  void acceptedNamesAreKeysAndThoseThatAcceptNothingAreNamed() throws IOException {
    Ended wrong =
        resume(
            "--set=optimizer.generator.learning-rate=0.5",
            "--accept=optimizer.generator.lerning-rate");
    assertThat(wrong.code()).isEqualTo(Main.BAD_USAGE);
    assertThat(wrong.err())
        .contains(
            "--accept: expected a key of the configuration, as optimizer.generator, found"
                + " 'optimizer.generator.lerning-rate' (nearest is"
                + " optimizer.generator.learning-rate)")
        .contains("learning-rate: was 2.5E-4, is now 0.5; this changes results");

    Ended needless = resume("--accept=optimizer", "--accept=cluster.precision", "--dry-run");
    assertThat(needless.code()).as(needless.err()).isZero();
    assertThat(needless.out())
        .contains("--accept optimizer: accepts nothing;")
        .doesNotContain("--accept cluster.precision");

    assertThat(run("train", config(), "--accept=optimizer", "--dry-run").err())
        .contains("--accept is for what differs on --resume");
  }

  @Test
  void aScheduleThatEndsBeforeTheCheckpointIsRefused() throws IOException {
    Ended ended = run("train", config(), "--resume", "--set=schedule.phases.0.iterations=2");
    assertThat(ended.code()).isEqualTo(Main.BAD_USAGE);
    assertThat(ended.err())
        .contains(
            "schedule.phases.0.iterations: was 4, is now 2; the 4 iterations that were made do not"
                + " fit");
  }

  @Test
  void descriptionsThatDifferAreListedKeyByKeyByEvaluateAndPredict() throws IOException {
    Path dataset = directory.resolve("other.yaml");
    String text = Files.readString(moved.resolve("made-from/a.yaml"));
    Files.writeString(dataset, text.replace("count: 32", "count: 30"));
    String out = succeed("evaluate", config(), "--set=data.source.dataset=" + dataset).out();
    assertThat(out)
        .contains(
            "The run was made with another data.source.dataset: splits.train.count: was 32, is now"
                + " 30");
  }
}
