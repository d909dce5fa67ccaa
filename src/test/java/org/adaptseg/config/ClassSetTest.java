package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.config.yaml.TextSource;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassSetTest {
  @TempDir Path directory;

  private static final LabelSpace EIGHT = ResolvedData.labelSpace("synthetic-8");

  private static final String FEW =
      """
      name: few
      classes:
        - {name: car, rgb: [0, 0, 142]}
        - {name: road, rgb: [128, 64, 128]}
      """;

  private static RunConfig config(String classes, TextSource files) {
    return ConfigLoader.load(
        """
        run: {name: set}
        schedule: {phases: [{phase: source-only, iterations: 5}]}
        output: {dir: runs/set}
        data:
          classes: synthetic-8
          source: {dataset: synthetic-source, split: train, width: 64, height: 32}
          target: {dataset: synthetic-target, split: train, width: 64, height: 32}
          evaluation: {dataset: synthetic-target, split: val, width: 64, height: 32}
        """,
        "set",
        List.of("evaluation.classes='" + classes + "'"),
        files);
  }

  @Test
  void allClassesOfTheHeadCountByDefault() {
    ClassSet set = ClassSet.of(config("", TextSource.LOCAL), EIGHT, TextSource.LOCAL);

    assertThat(set.protocol()).isEqualTo("8 classes (synthetic-8)");
    assertThat(set.trainIds()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void aSmallerSetIsAveragedOverAndSaysSo() throws Exception {
    Path file = directory.resolve("few.yaml");
    Files.writeString(file, FEW);
    RunConfig config = config(file.toString(), TextSource.LOCAL);

    ClassSet set = ClassSet.of(config, EIGHT, TextSource.LOCAL);

    assertThat(set.protocol()).isEqualTo("8-way head averaged over 2 (few)");
    assertThat(set.trainIds()).containsExactly(0, 6);
  }

  @Test
  void aSetIsReadFromWhereTheOtherFilesOfAConfigurationAre() {
    String uri = "s3a://bucket/few.yaml";
    TextSource store = Map.of(uri, FEW)::get;

    ClassSet set = ClassSet.of(config(uri, store), EIGHT, store);

    assertThat(set.trainIds()).containsExactly(0, 6);
  }

  @Test
  void aSetThatIsNotThereIsAProblemOfItsOwnKey() {
    assertThatThrownBy(() -> config("few", TextSource.LOCAL))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("evaluation.classes: expected one of cityscapes-13")
        .hasMessageNotContaining("data.classes");
  }

  @Test
  void aSetWithClassesThatTheHeadLacksIsRefused() {
    TextSource store = path -> FEW.replace("name: car", "name: tram");

    assertThatThrownBy(() -> config("few.yaml", store))
        .hasMessageContaining(
            "evaluation.classes: expected classes of synthetic-8, found in few also tram");
  }

  /** Road: 3 right, 1 taken for car, 1 sidewalk taken for road: 3/5. Car: 2 of 3. Mean 19/30. */
  @Test
  void mistakesBetweenTheSetAndTheRestCount() {
    ConfusionMatrix matrix = new ConfusionMatrix(3, 255, List.of(0, 2));
    matrix.add(new byte[] {0, 0, 0, 0, 1, 2, 2}, new byte[] {0, 0, 0, 2, 0, 2, 2});

    Scores scores = Scores.of(matrix);

    assertThat(scores.iou()).containsExactly(3.0 / 5, Double.NaN, 2.0 / 3);
    assertThat(scores.miou()).isEqualTo((3.0 / 5 + 2.0 / 3) / 2);
  }
}
