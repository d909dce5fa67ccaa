package org.adaptseg.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.adaptseg.testing.GoldenTensors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScoresTest {
  static Stream<Path> goldenFiles() {
    return GoldenTensors.files("ops*.json").stream();
  }

  @Tag("golden")
  @ParameterizedTest
  @MethodSource("goldenFiles")
  void countsAndScoresEqualTheGoldenOnes(Path file) throws IOException {
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    JsonNode golden = json.get("miou");
    int classes = golden.get("classes").asInt();
    long seed = json.get("seed").asLong();
    long counted = 0;
    for (JsonNode row : golden.get("confusion_rows_are_truth")) {
      for (JsonNode count : row) {
        counted += count.asLong();
      }
    }
    int n = pixels(counted, seed, classes);
    int[] truth = GoldenTensors.labels("truth", seed, n, classes);
    int[] predicted = GoldenTensors.labels("prediction", seed, n, classes - 1);
    byte[] truthBytes = new byte[n];
    byte[] predictedBytes = new byte[n];
    for (int i = 0; i < n; i++) {
      truthBytes[i] = (byte) truth[i];
      predictedBytes[i] = (byte) (predicted[i] == 255 ? 0 : predicted[i]);
    }

    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    matrix.add(truthBytes, predictedBytes);
    Scores scores = Scores.of(matrix);

    for (int t = 0; t < classes; t++) {
      for (int p = 0; p < classes; p++) {
        assertThat(matrix.count(t, p))
            .isEqualTo(golden.get("confusion_rows_are_truth").get(t).get(p).asLong());
      }
      assertThat(scores.iou().get(t)).isEqualTo(golden.get("iou").get(t).asDouble());
    }
    assertThat(scores.miou()).isCloseTo(golden.get("miou").asDouble(), within(1e-15));
  }

  /** The file does not say how many pixels there are: as many as hold its counted ones. */
  private static int pixels(long counted, long seed, int classes) {
    int n = (int) counted;
    while (Stream.of(GoldenTensors.labels("truth", seed, n, classes))
            .flatMapToInt(java.util.Arrays::stream)
            .filter(label -> label != 255)
            .count()
        < counted) {
      n++;
    }
    return n;
  }

  @Test
  void iouIsIntersectionOverUnion() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add(new byte[] {0, 0, 0, 1}, new byte[] {0, 0, 1, 1});
    Scores scores = Scores.of(matrix);
    assertThat(scores.iou()).containsExactly(2.0 / 3, 1.0 / 2);
    assertThat(scores.miou()).isCloseTo(7.0 / 12, within(1e-15));
  }

  @Test
  void aClassThatNowhereOccursDoesNotCount() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    matrix.add(new byte[] {0, 1}, new byte[] {0, 1});
    assertThat(Scores.of(matrix).iou().get(2)).isNaN();
    assertThat(Scores.of(matrix).miou()).isEqualTo(1);
  }

  @Test
  void aClassThatIsOnlyPredictedCountsAsZero() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    matrix.add(new byte[] {0, 1, 1, 1}, new byte[] {0, 1, 1, 2});
    assertThat(Scores.of(matrix).iou()).containsExactly(1.0, 2.0 / 3, 0.0);
    assertThat(Scores.of(matrix).miou()).isCloseTo(5.0 / 9, within(1e-15));
  }

  @Test
  void anEmptyMatrixHasNoScore() {
    assertThat(Scores.of(new ConfusionMatrix(2)).miou()).isNaN();
  }

  /** Two pixels of class 0, both found; three of class 1, of which one is taken for class 0. */
  @Test
  void precisionRecallAndF1AreOfEveryClass() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    matrix.add(new byte[] {0, 0, 1, 1, 1}, new byte[] {0, 0, 0, 1, 1});
    Scores scores = Scores.of(matrix);
    assertThat(scores.precision()).containsExactly(2.0 / 3, 1.0, Double.NaN);
    assertThat(scores.recall()).containsExactly(1.0, 2.0 / 3, Double.NaN);
    assertThat(scores.f1()).containsExactly(0.8, 0.8, Double.NaN);
    assertThat(scores.pixelAccuracy()).isEqualTo(0.8);
    // IoUs are 2/3 and 2/3, of 2 and 3 labelled pixels.
    assertThat(scores.frequencyWeightedIou()).isCloseTo(2.0 / 3, within(1e-15));
  }

  @Test
  void whatNoPixelSaysAnythingAboutIsNotANumber() {
    Scores scores = Scores.of(new ConfusionMatrix(2));
    assertThat(scores.precision()).containsOnly(Double.NaN);
    assertThat(scores.recall()).containsOnly(Double.NaN);
    assertThat(scores.f1()).containsOnly(Double.NaN);
    assertThat(scores.pixelAccuracy()).isNaN();
    assertThat(scores.frequencyWeightedIou()).isNaN();
    assertThat(scores.calibrationError()).isNaN();
  }

  @Test
  void classesThatAreNotScoredLeaveTheirPixelsOut() {
    ConfusionMatrix matrix = new ConfusionMatrix(3, 255, java.util.List.of(0, 1));
    matrix.add(new byte[] {0, 0, 1, 2, 2}, new byte[] {0, 2, 1, 2, 0}, new float[] {1, 1, 1, 0, 0});
    Scores scores = Scores.of(matrix);
    assertThat(scores.pixelAccuracy()).isCloseTo(2.0 / 3, within(1e-15));
    assertThat(scores.precision()).containsExactly(0.5, 1.0, Double.NaN);
    assertThat(scores.calibrationError()).isCloseTo(1.0 / 3, within(1e-15));
  }

  /**
   * Of four pixels in one bin, said to be right with 0.625, three are right: 0.125 too few for
   * each. Two of the last bin are said to be sure, one is right: 0.5 too many. Neither an ignored
   * pixel counts nor one whose probability is not known.
   */
  @Test
  void calibrationErrorIsHowFarSharesAreFromProbabilities() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add(
        new byte[] {0, 0, 0, 0, 1, 1, -1, 0},
        new byte[] {0, 0, 0, 1, 1, 0, 0, 0},
        new float[] {0.625f, 0.625f, 0.625f, 0.625f, 1, 1, 1, Float.NaN});
    assertThat(Scores.of(matrix).calibrationError())
        .isCloseTo((4 * 0.125 + 2 * 0.5) / 6, within(1e-15));
  }

  @Test
  void calibrationHasTheSameBitsHoweverPixelsAreShared() {
    java.util.Random random = new java.util.Random(3);
    int pixels = 10_000;
    byte[] truth = new byte[pixels];
    byte[] predicted = new byte[pixels];
    float[] probabilities = new float[pixels];
    for (int i = 0; i < pixels; i++) {
      truth[i] = (byte) random.nextInt(2);
      predicted[i] = (byte) random.nextInt(2);
      probabilities[i] = random.nextFloat();
    }
    ConfusionMatrix whole = new ConfusionMatrix(2);
    whole.add(truth, predicted, probabilities);
    for (int parts : new int[] {2, 3, 7}) {
      ConfusionMatrix merged = new ConfusionMatrix(2);
      for (int part = parts - 1; part >= 0; part--) {
        int from = pixels * part / parts;
        int to = pixels * (part + 1) / parts;
        ConfusionMatrix one = merged.emptied();
        one.add(
            java.util.Arrays.copyOfRange(truth, from, to),
            java.util.Arrays.copyOfRange(predicted, from, to),
            java.util.Arrays.copyOfRange(probabilities, from, to));
        merged.merge(one);
      }
      assertThat(merged).as("%d parts", parts).isEqualTo(whole);
      assertThat(Scores.of(merged).calibrationError())
          .isEqualTo(Scores.of(whole).calibrationError());
    }
  }

  @Test
  void ignoredPixelsAreNotCountedWhateverIsPredicted() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add(new byte[] {(byte) 255, 1}, new byte[] {(byte) 200, 1});
    assertThat(matrix.total()).isEqualTo(1);
    assertThat(matrix.count(1, 1)).isEqualTo(1);
  }

  @Test
  void mergingPartsEqualsCountingTheWhole() {
    byte[] truth = {0, 1, 2, 2, 1, 0};
    byte[] predicted = {0, 2, 2, 1, 1, 1};
    ConfusionMatrix whole = new ConfusionMatrix(3);
    whole.add(truth, predicted);
    ConfusionMatrix first = new ConfusionMatrix(3);
    first.add(new byte[] {0, 1}, new byte[] {0, 2});
    ConfusionMatrix rest = new ConfusionMatrix(3);
    rest.add(new byte[] {2, 2, 1, 0}, new byte[] {2, 1, 1, 1});
    assertThat(rest.merge(first)).isEqualTo(whole);
  }

  @Test
  void anUnknownLabelIsRefusedAndNothingIsCounted() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    assertThatThrownBy(() -> matrix.add(new byte[] {0, 7}, new byte[] {0, 0}))
        .hasMessageContaining("found label 7")
        .hasMessageContaining("pixel 1");
    assertThat(matrix.total()).isZero();
  }

  @Test
  void matricesOfOtherClassesAreNotMerged() {
    assertThatThrownBy(() -> new ConfusionMatrix(2).merge(new ConfusionMatrix(3)))
        .hasMessageContaining("expected 2 classes");
  }
}
