package org.adaptseg.engine.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.adaptseg.testing.GoldenTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MostLikelyClassesTest {
  /** Scores closer than this may be in either order. */
  private static final double TIE = 1e-5;

  @ParameterizedTest
  @CsvSource({
    "19,5,9,64,96",
    "4,9,5,9,5",
    "3,7,6,3,4",
    "5,1,4,2,13",
    "2,1,1,4,3",
    "6,33,65,1,1",
    "5,9,5,4,3",
    "5,1,1,7,7",
    "5,17,33,129,257"
  })
  void everyPixelGetsTheClassOfItsHighestInterpolatedScore(
      int classes, int mapHeight, int mapWidth, int height, int width) {
    float[] logits = GoldenTensors.unit("logits", 3, classes * mapHeight * mapWidth);

    byte[] found =
        new MostLikelyClasses(classes, mapHeight, mapWidth, height, width, true).of(logits);

    assertThat(found).hasSize(height * width);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
          highest =
              Math.max(
                  highest, score(logits, classes, c, mapHeight, mapWidth, y, x, height, width));
        }
        int chosen = found[y * width + x];
        assertThat(score(logits, classes, chosen, mapHeight, mapWidth, y, x, height, width))
            .as("pixel %d, %d", y, x)
            .isGreaterThan(highest - TIE);
      }
    }
  }

  @Test
  void theFirstOfEqualClassesIsChosen() {
    float[] logits = new float[3 * 2 * 2];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = i % 3 == 0 ? 0f : 1f; // classes 1 and 2 are equal, above class 0
    }

    assertThat(new MostLikelyClasses(3, 2, 2, 5, 5, true).of(logits)).containsOnly((byte) 1);
  }

  @Test
  void alignedCornersPutTheFirstAndLastPlaceOnTheBorder() {
    // Class 1 rises from -3 to 1 over one row of two places, class 0 is 0: equal at 3/4.
    byte[] found = new MostLikelyClasses(2, 1, 2, 1, 9, true).of(new float[] {0, -3, 0, 1});

    // Place i is i/8 of the way: above 3/4 from i = 7 on; at i = 6 both are 0 and the first wins.
    assertThat(found).containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 1);
  }

  @Test
  void withoutAlignedCornersPlacesAreTheCentresOfPixels() {
    // Places -0.25 (clipped), 0.25, 0.75, 1.25 (clipped): class 1 is -1, -0.5, 0.5, 1.
    assertThat(new MostLikelyClasses(2, 2, 1, 4, 1, false).of(new float[] {0, -1, 0, 1}))
        .containsExactly(0, 0, 1, 1);
    assertThat(new MostLikelyClasses(2, 1, 2, 1, 4, false).of(new float[] {0, -1, 0, 1}))
        .containsExactly(0, 0, 1, 1);
  }

  /** Bilinear interpolation with aligned corners by its definition. */
  private static double score(
      float[] logits,
      int classes,
      int c,
      int mapHeight,
      int mapWidth,
      int y,
      int x,
      int height,
      int width) {
    double row = height > 1 ? (double) y * (mapHeight - 1) / (height - 1) : 0;
    double column = width > 1 ? (double) x * (mapWidth - 1) / (width - 1) : 0;
    double sum = 0;
    for (int i = 0; i < mapHeight; i++) {
      for (int j = 0; j < mapWidth; j++) {
        double weight = Math.max(0, 1 - Math.abs(row - i)) * Math.max(0, 1 - Math.abs(column - j));
        sum += weight * logits[(i * mapWidth + j) * classes + c];
      }
    }
    return sum;
  }
}
