package org.adaptseg.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.adaptseg.metrics.ConfusionMatrix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PixelCountingTest {
  @ParameterizedTest
  @EnumSource(TestedEngine.class)
  void countsAreThoseOfTheMostLikelyClassesAndOfTheirProbabilitiesInEveryFourthRow(
      TestedEngine tested) {
    CountedPixels pixels = CountedPixels.of(5, 2, 7, 6, 17, 23, true, 1);
    PixelCounting.Shape shape = pixels.shape();
    try (Engine engine = tested.make();
        ArgMax most =
            engine.argMax(shape.logits(), shape.height(), shape.width(), shape.alignCorners())) {
      ConfusionMatrix expected = pixels.empty();
      byte[] classes = most.of(pixels.logits(engine));
      float[] probabilities = new float[classes.length];
      Arrays.fill(probabilities, Float.NaN);
      for (int n = 0; n < 2; n++) {
        int first = n * shape.height() * shape.width();
        average(engine, pixels, n)
            .forEachRow(
                4,
                (y, row) -> {
                  for (int x = 0; x < shape.width(); x++) {
                    int at = first + y * shape.width() + x;
                    probabilities[at] = Math.min(1, row[5 * x + classes[at]]);
                  }
                });
      }
      expected.add(pixels.labels(), classes, probabilities);

      assertThat(pixels.counted(engine)).isEqualTo(expected);
      assertThat(expected.calibration().error()).isBetween(0.01, 0.99);
    }
  }

  private static SoftmaxAverage average(Engine engine, CountedPixels pixels, int image) {
    PixelCounting.Shape shape = pixels.shape();
    FeatureShape map = shape.logits();
    int size = pixels.values().length / map.images();
    float[] values = Arrays.copyOfRange(pixels.values(), image * size, (image + 1) * size);
    int height = shape.inputHeight();
    int width = shape.inputWidth();
    var window = new LogitsView.Window(0, 0, height, width, map.height(), map.width(), values);
    return engine.softmaxAverage(
        map.channels(),
        shape.height(),
        shape.width(),
        shape.alignCorners(),
        List.of(new LogitsView(height, width, List.of(window), List.of())));
  }

  @ParameterizedTest
  @EnumSource(TestedEngine.class)
  void aLabelThatIsNoClassIsRefusedAndNothingIsCounted(TestedEngine tested) {
    requireRefusal(tested.make());
  }

  /** Closes the engine. */
  static void requireRefusal(Engine engine) {
    CountedPixels pixels = CountedPixels.of(5, 1, 3, 3, 9, 9, true, 2);
    pixels.labels()[12] = 5;
    ConfusionMatrix matrix = pixels.empty();
    try (engine;
        PixelCounting counting = engine.pixelCounting(pixels.shape())) {
      Tensor logits = pixels.logits(engine);
      assertThatThrownBy(() -> counting.count(logits, pixels.labels(), matrix))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected classes 0..4 or the ignored label 255, found label 5")
          .hasMessageContaining("(pixel 12)");
      assertThatThrownBy(() -> counting.count(logits, new byte[80], matrix))
          .hasMessage("Cannot count: expected 81 labels, found 80");
      assertThat(matrix).isEqualTo(pixels.empty());
    }
  }
}
