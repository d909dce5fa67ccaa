package org.adaptseg.engine.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.adaptseg.engine.LogitsView;
import org.adaptseg.engine.LogitsView.Window;
import org.adaptseg.testing.GoldenTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostSoftmaxAverageTest {
  /** Probabilities of class 0 of two, at every pixel; logits are their logarithms. */
  private static float[] logits(double... probabilities) {
    float[] logits = new float[2 * probabilities.length];
    for (int i = 0; i < probabilities.length; i++) {
      logits[2 * i] = (float) Math.log(probabilities[i]);
      logits[2 * i + 1] = (float) Math.log(1 - probabilities[i]);
    }
    return logits;
  }

  private static double[] ofClass0(int height, int width, LogitsView... views) {
    float[] all = all(2, height, width, true, List.of(views));
    double[] found = new double[height * width];
    for (int i = 0; i < found.length; i++) {
      found[i] = all[2 * i];
    }
    return found;
  }

  private static float[] all(
      int classes, int height, int width, boolean alignCorners, List<LogitsView> views) {
    float[] all = new float[height * width * classes];
    new HostSoftmaxAverage(classes, height, width, alignCorners, views)
        .forEachRow(1, (y, row) -> System.arraycopy(row, 0, all, y * row.length, row.length));
    return all;
  }

  private static void assertAre(double[] found, double... expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).as("pixel %d", i).isCloseTo(expected[i], within(1e-6));
    }
  }

  /** Weights in a window of three pixels are 1, 2, 1. */
  @Test
  void overlappingWindowsCountByTheirTriangles() {
    LogitsView view =
        new LogitsView(
            1,
            4,
            List.of(
                new Window(0, 0, 1, 3, 1, 1, logits(0.9)),
                new Window(0, 1, 1, 3, 1, 1, logits(0.3))),
            List.of());

    assertAre(ofClass0(1, 4, view), 0.9, (2 * 0.9 + 0.3) / 3, (0.9 + 2 * 0.3) / 3, 0.3);
  }

  /** In both directions weights of windows of four are 1, 2, 2, 1. */
  @Test
  void weightsOfTheTwoDirectionsAreMultiplied() {
    LogitsView view =
        new LogitsView(
            6,
            6,
            List.of(
                new Window(0, 0, 4, 4, 1, 1, logits(0.1)),
                new Window(0, 2, 4, 4, 1, 1, logits(0.3)),
                new Window(2, 0, 4, 4, 1, 1, logits(0.5)),
                new Window(2, 2, 4, 4, 1, 1, logits(0.9))),
            List.of());

    double[] found = ofClass0(6, 6, view);

    // Row 2, column 2: in the windows, (2, 2), (2, 0), (0, 2) and (0, 0).
    assertThat(found[2 * 6 + 2])
        .isCloseTo((4 * 0.1 + 2 * 0.3 + 2 * 0.5 + 1 * 0.9) / 9, within(1e-6));
    // Row 2, column 3: (2, 3), (2, 1), (0, 3), (0, 1).
    assertThat(found[2 * 6 + 3])
        .isCloseTo((2 * 0.1 + 4 * 0.3 + 1 * 0.5 + 2 * 0.9) / 9, within(1e-6));
    assertThat(found[0]).isCloseTo(0.1, within(1e-6));
    assertThat(found[35]).isCloseTo(0.9, within(1e-6));
  }

  @Test
  void looksCountAlikeHoweverManyWindowsTheyHave() {
    LogitsView windows =
        new LogitsView(
            1,
            4,
            List.of(
                new Window(0, 0, 1, 2, 1, 1, logits(0.9)),
                new Window(0, 2, 1, 2, 1, 1, logits(0.9))),
            List.of());
    LogitsView whole =
        new LogitsView(1, 8, List.of(new Window(0, 0, 1, 8, 1, 1, logits(0.2))), List.of());

    assertAre(ofClass0(1, 4, windows, whole), 0.55, 0.55, 0.55, 0.55);
  }

  @Test
  void whatIsSeenInAMirrorIsTurnedBack() {
    LogitsView view =
        new LogitsView(
            1,
            3,
            List.of(new Window(0, 0, 1, 3, 1, 3, logits(0.1, 0.2, 0.3))),
            List.of(new Window(0, 0, 1, 3, 1, 3, logits(0.5, 0.6, 0.7))));

    assertAre(ofClass0(1, 3, view), 0.4, 0.4, 0.4);
  }

  @Test
  void aMirroredImageGetsTheMirroredBits() {
    int classes = 5;
    float[] a = GoldenTensors.unit("a", 1, 4 * 6 * classes);
    float[] b = GoldenTensors.unit("b", 2, 4 * 6 * classes);
    float[] c = GoldenTensors.unit("c", 3, 3 * 4 * classes);
    float[] d = GoldenTensors.unit("d", 4, 3 * 4 * classes);
    List<LogitsView> image = List.of(look(30, 40, 4, 6, a, b), look(20, 30, 3, 4, c, d));
    List<LogitsView> mirrored = List.of(look(30, 40, 4, 6, b, a), look(20, 30, 3, 4, d, c));

    float[] found = all(classes, 33, 47, true, image);
    float[] other = all(classes, 33, 47, true, mirrored);

    for (int y = 0; y < 33; y++) {
      for (int x = 0; x < 47; x++) {
        for (int k = 0; k < classes; k++) {
          assertThat(other[(y * 47 + 46 - x) * classes + k])
              .isEqualTo(found[(y * 47 + x) * classes + k]);
        }
      }
    }
  }

  private static LogitsView look(
      int height, int width, int mapHeight, int mapWidth, float[] upright, float[] mirrored) {
    return new LogitsView(
        height,
        width,
        List.of(new Window(0, 0, height, width, mapHeight, mapWidth, upright)),
        List.of(new Window(0, 0, height, width, mapHeight, mapWidth, mirrored)));
  }

  @ParameterizedTest
  @CsvSource({"true,65,33", "false,65,33", "true,9,5", "false,9,5", "true,1,1", "false,3,7"})
  void aWholeMapIsUpsampledAsInTraining(boolean alignCorners, int height, int width) {
    int classes = 3;
    int mapHeight = 9;
    int mapWidth = 5;
    float[] logits = GoldenTensors.unit("logits", 3, mapHeight * mapWidth * classes);
    double[][] down = InterpolationMatrix.rows(mapHeight, height, alignCorners);
    double[][] across = InterpolationMatrix.rows(mapWidth, width, alignCorners);
    LogitsView view =
        new LogitsView(
            72, 40, List.of(new Window(0, 0, 72, 40, mapHeight, mapWidth, logits)), List.of());

    float[] found = all(classes, height, width, alignCorners, List.of(view));

    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double[] scores = new double[classes];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
          for (int i = 0; i < mapHeight; i++) {
            for (int j = 0; j < mapWidth; j++) {
              scores[c] += down[y][i] * across[x][j] * logits[(i * mapWidth + j) * classes + c];
            }
          }
          sum += Math.exp(scores[c]);
        }
        for (int c = 0; c < classes; c++) {
          assertThat((double) found[(y * width + x) * classes + c])
              .isCloseTo(Math.exp(scores[c]) / sum, within(1e-6));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"64,48,true", "64,48,false", "130,31,true", "20,97,false"})
  void windowsOfAConstantNetworkGiveConstants(int height, int width, boolean alignCorners) {
    List<Window> windows = new java.util.ArrayList<>();
    for (int y : new int[] {0, 16, 32}) {
      for (int x : new int[] {0, 10, 24}) {
        float[] logits = new float[4 * 3 * 3];
        for (int i = 0; i < logits.length; i++) {
          logits[i] = (float) Math.log(new double[] {0.5, 0.2, 0.3}[i % 3]);
        }
        windows.add(new Window(y, x, 32, 24, 4, 3, logits));
      }
    }

    float[] found =
        all(3, height, width, alignCorners, List.of(new LogitsView(64, 48, windows, windows)));

    for (int i = 0; i < found.length; i++) {
      assertThat((double) found[i]).isCloseTo(new double[] {0.5, 0.2, 0.3}[i % 3], within(1e-6));
    }
  }

  @Test
  void theExponentialIsAsNearAsFloatsAre() {
    for (float x = 0; x > -87; x -= 0.0137f) {
      double exact = Math.exp(x);
      assertThat((double) Exponential.ofNonPositive(x)).isCloseTo(exact, within(exact * 0x1p-22));
    }
    assertThat(Exponential.ofNonPositive(0)).isEqualTo(1);
    assertThat(Exponential.ofNonPositive(-1000)).isZero();
    assertThat(Exponential.ofNonPositive(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(Exponential.ofNonPositive(Float.NaN)).isNaN();
  }
}
