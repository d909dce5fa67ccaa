package org.adaptseg.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.adaptseg.report.html.LossCurves.Curve;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a run's metrics become curves. */
class RunHistoryTest {
  private static final List<String> CLASSES = List.of("road", "sky");

  @TempDir Path directory;

  private RunHistory read(long iterations, String... lines) throws IOException {
    Files.write(directory.resolve("metrics.jsonl"), List.of(lines));
    return RunHistory.read(
        new org.apache.hadoop.fs.Path(directory.toUri()), iterations, CLASSES, new Configuration());
  }

  private static String iteration(long at, double loss) {
    return "{\"kind\":\"iteration\",\"iteration\":%d,\"segmentation\":{\"main\":%s}}"
        .formatted(at, loss);
  }

  @Test
  void aRunWithoutMetricsHasAnEmptyHistory() throws IOException {
    RunHistory history =
        RunHistory.read(
            new org.apache.hadoop.fs.Path(directory.resolve("none").toUri()),
            10,
            CLASSES,
            new Configuration());

    assertThat(history.evaluations()).isEmpty();
    assertThat(history.losses().names()).isEmpty();
  }

  @Test
  void iterationsThatAreToldAgainCountOnce() throws IOException {
    RunHistory history =
        read(10, iteration(0, 4), iteration(1, 2), iteration(0, 4), iteration(1, 2));

    assertThat(history.losses().points(new Curve("segmentation", "main")))
        .containsExactly(new double[] {0, 4}, new double[] {1, 2});
  }

  @Test
  void aPointOfALongRunIsTheMeanOfItsIterations() throws IOException {
    RunHistory history =
        read(2 * LossCurves.MOST_POINTS, iteration(0, 4), iteration(1, 2), iteration(2, 7));

    assertThat(history.losses().points(new Curve("segmentation", "main")))
        .containsExactly(new double[] {0.5, 3}, new double[] {2.5, 7});
  }

  @Test
  void lossesOfEveryLevelAreCurves() throws IOException {
    RunHistory history =
        read(
            1,
            """
            {"kind":"iteration","iteration":0,"segmentation":{"aux":1.5,"main":1,"low":null},\
            "consistency":{"main":0.7},"learning_rate":{"generator":0.1},"No term":{"main":1}}""");

    assertThat(history.losses().names())
        .containsExactly(
            new Curve("segmentation", "aux"),
            new Curve("segmentation", "main"),
            new Curve("consistency", "main"));
  }

  @Test
  void anEvaluationKeepsItsScoresAndCounts() throws IOException {
    RunHistory history =
        read(
            10,
            """
            {"kind":"evaluation","iteration":10,"miou":0.5,"iou":{"road":0.5,"sky":null},\
            "confusion":[[1,2],[3,4]],"more":true}""");

    RunHistory.Evaluation last = history.lastEvaluation().orElseThrow();
    assertThat(last.iteration()).isEqualTo(10);
    assertThat(last.miou()).isEqualTo(0.5);
    assertThat(last.iou()).containsExactly(0.5, Double.NaN);
    assertThat(last.confusion()).isDeepEqualTo(new long[][] {{1, 2}, {3, 4}});
  }

  @Test
  void timeInRoundsIsSummedAndOtherKindsArePassedOver() throws IOException {
    RunHistory history =
        read(
            10, "{\"kind\":\"round\",\"seconds\":1.5}", "{\"kind\":\"round\",\"seconds\":2}", "{}");

    assertThat(history.seconds()).isEqualTo(3.5);
  }

  @Test
  void whatIsNoMetricsFileIsRefused() {
    assertThatThrownBy(() -> read(10, "{\"kind\":\"iteration\"}"))
        .hasMessageStartingWith(
            "Cannot read a run's metrics: expected an iteration of at least 0, found"
                + " {\"kind\":\"iteration\"} (file:");
    assertThatThrownBy(() -> read(10, "{\"kind\":"))
        .hasMessageStartingWith("Cannot read a run's metrics: expected JSON, found ")
        .hasMessageContaining("(line 2) (file:")
        .message()
        .hasLineCount(1);
    assertThatThrownBy(
            () -> read(10, "{\"kind\":\"evaluation\",\"iteration\":1,\"iou\":{\"road\":1}}"))
        .hasMessageContaining("expected the IoU of class sky");
    assertThatThrownBy(
            () ->
                read(
                    10,
                    "{\"kind\":\"evaluation\",\"iteration\":1,\"iou\":{\"road\":1,\"sky\":1},"
                        + "\"confusion\":[[1,2],[3]]}"))
        .hasMessageContaining("expected a confusion matrix of 2 classes");
  }
}
