package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.adaptseg.data.image.ImageDecoder;
import org.adaptseg.data.image.RawLabels;
import org.adaptseg.data.prediction.ClassThresholds;
import org.adaptseg.data.store.Json;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The labels that a network gives to target images, and a run that trains on them. */
@Tag("command")
class PseudoLabelsTest extends PredictingTest {
  private static final int SPLIT = 2;

  private Path out;

  @BeforeEach
  void folder() {
    out = own.resolve("out");
  }

  private Ended label(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "pseudo-labels",
                "--config=" + shared.resolve("run.yaml"),
                "--set=data.target.dataset=cityscapes",
                "--set=data.target.root=" + shared.resolve("cityscapes"),
                "--output=" + out));
    arguments.addAll(List.of(more));
    return ProgramRun.of(arguments);
  }

  private Map<Path, FileTime> files() throws IOException {
    Map<Path, FileTime> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(out)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file, Files.getLastModifiedTime(file));
      }
    }
    return files;
  }

  /** Names of a manifest's rows are new every time. */
  private List<Path> others(Map<Path, FileTime> files) {
    return files.keySet().stream()
        .filter(file -> !file.startsWith(out.resolve("manifest/samples")))
        .toList();
  }

  private List<Path> labels() throws IOException {
    try (Stream<Path> all = Files.walk(out.resolve("label-ids"))) {
      return all.filter(file -> file.toString().endsWith(".png")).sorted().toList();
    }
  }

  private static RawLabels read(Path file) throws IOException {
    return new ImageDecoder(100_000).labels(Files.readAllBytes(file), file.toString());
  }

  @Test
  void surePixelsOfEveryClassAreLabelsAndALaterRunTrainsOnThem() throws IOException {
    Ended made = label("--portion=0.4");

    assertThat(made.err()).isEmpty();
    assertThat(made.code()).isZero();
    assertThat(labels()).hasSize(SPLIT);
    ClassThresholds thresholds =
        Json.read(Files.readAllBytes(out.resolve("thresholds.json")), ClassThresholds.class);
    long[] kept = new long[SPACE.size()];
    long pixels = 0;
    for (Path file : labels()) {
      Path relative = out.resolve("label-ids").relativize(file);
      char[] label = read(file).values();
      char[] classes = read(out.resolve("predictions/label-ids").resolve(relative)).values();
      for (int i = 0; i < label.length; i++) {
        assertThat((int) label[i]).isIn((int) classes[i], 255);
        if (label[i] != 255) {
          kept[label[i]]++;
        }
      }
      pixels += label.length;
    }
    for (int c = 0; c < SPACE.size(); c++) {
      ClassThresholds.Of of = thresholds.classes().get(c);
      assertThat(kept[c]).as(of.name()).isEqualTo(of.kept());
      assertThat(of.kept()).isGreaterThanOrEqualTo((long) (0.4 * of.pixels()));
    }
    assertThat(thresholds.classes().stream().mapToLong(ClassThresholds.Of::pixels).sum())
        .isEqualTo(pixels);

    String named = "A source of a later run: ";
    String entry =
        made.out().lines().filter(line -> line.startsWith(named)).findFirst().orElseThrow();
    Ended run =
        ProgramRun.of(
            List.of(
                "train",
                "--config=" + shared.resolve("run.yaml"),
                "--set=output.dir=" + own.resolve("run"),
                "--set=schedule.phases=[{phase: source-only, iterations: 2}]",
                "--set=data.source=[{dataset: synthetic-source, split: train, width: 64, height: 32}, "
                    + entry.substring(named.length())
                    + "]"));
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
  }

  @Test
  void aSecondStartWritesNothingOneAfterAnEndOnlyWhatIsMissingAndOneOfAnotherPortionIsRefused()
      throws IOException {
    assertThat(label().code()).isZero();
    Map<Path, FileTime> first = files();

    Ended again = label();
    assertThat(again.out()).contains("Predicted 0 images", "labels of 0 were written");
    assertThat(files()).isEqualTo(first);

    Path label = labels().get(1);
    byte[] bytes = Files.readAllBytes(label);
    Files.delete(label);
    Files.delete(out.resolve("manifest/manifest.json"));
    assertThat(label().out()).contains("Predicted 0 images", "labels of 1 were written");
    assertThat(label).hasBinaryContent(bytes);
    assertThat(files().keySet()).containsAll(others(first));

    byte[] few = Files.readAllBytes(out.resolve("thresholds.json"));
    Ended refused = label("--portion=0.9");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("portion 0.5, not 0.9");
    assertThat(out.resolve("thresholds.json")).hasBinaryContent(few);

    assertThat(label("--portion=0.9", "--overwrite").code()).isZero();
    assertThat(Files.readString(out.resolve("thresholds.json"))).contains("0.9");
  }

  @Test
  void aFolderOfOthersIsLeftAlone() throws IOException {
    Path other = out.resolve("target-images/mine.png");
    Files.createDirectories(other.getParent());
    Files.writeString(other, "mine");

    Ended refused = label("--overwrite");

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains("expected a folder that is new or empty, found target-images");
    assertThat(other).hasContent("mine");
  }

  @Test
  void drawnStreetsAreRefused() {
    Ended refused =
        ProgramRun.of(
            List.of(
                "pseudo-labels",
                "--config=" + shared.resolve("run.yaml"),
                "--output=" + own.resolve("drawn")));

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("expected a dataset of files, found one that is drawn");
  }
}
