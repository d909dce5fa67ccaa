package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassSetTest {
  @TempDir Path directory;

  private static RunConfig config(String classes) {
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
        List.of("evaluation.classes='" + classes + "'"));
  }

  @Test
  void allClassesOfTheHeadCountByDefault() {
    ClassSet set = ClassSet.of(config(""), ResolvedData.labelSpace("synthetic-8"));

    assertThat(set.protocol()).isEqualTo("8 classes (synthetic-8)");
    assertThat(set.trainIds()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void aSmallerSetIsAveragedOverAndSaysSo() throws Exception {
    Path file = directory.resolve("few.yaml");
    Files.writeString(
        file,
        """
        name: few
        classes:
          - {name: car, rgb: [0, 0, 142]}
          - {name: road, rgb: [128, 64, 128]}
        """);

    ClassSet set = ClassSet.of(config(file.toString()), ResolvedData.labelSpace("synthetic-8"));

    assertThat(set.protocol()).isEqualTo("8-way head averaged over 2 (few)");
    assertThat(set.trainIds()).containsExactly(0, 6);
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
