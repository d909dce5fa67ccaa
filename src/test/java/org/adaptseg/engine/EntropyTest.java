package org.adaptseg.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.testing.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EntropyTest {
  private static final int CLASSES = 4;

  private record Value(double loss, float[] gradient) {}

  private static Value at(Engine engine, double weight, float... scores) {
    FeatureShape shape = new FeatureShape(1, CLASSES, 1, scores.length / CLASSES);
    Tensor s = Tensors.pixels(engine, shape, scores);
    Tensor p = Tensors.like(engine, s);
    engine.elementwise().softmax(s, p);
    double loss = engine.losses().entropy(s, p, weight).get();
    return new Value(loss, s.read());
  }

  private static double loss(Engine engine, float... scores) {
    return at(engine, 1, scores).loss();
  }

  @ParameterizedTest
  @EnumSource
  void anUndecidedPixelHasOneACertainOneNothingAndOneBetweenTwoOfFourHalf(TestedEngine tested) {
    try (Engine engine = tested.make()) {
      assertThat(loss(engine, 7, 7, 7, 7)).isCloseTo(1, within(1e-6));
      assertThat(loss(engine, 0, 200, 0, 0)).isCloseTo(0, within(1e-6));
      assertThat(loss(engine, 0, 90, 90, 0)).isCloseTo(0.5, within(1e-6));
      // The mean over the pixels.
      assertThat(loss(engine, 7, 7, 7, 7, 0, 200, 0, 0, 0, 90, 90, 0, 1, 1, 1, 1))
          .isCloseTo(0.625, within(1e-6));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theGradientIsTheWeightedSlope(TestedEngine tested) {
    float[] scores = random(3 * CLASSES);
    double weight = 0.5;
    float step = 1f / 64;
    try (Engine engine = tested.make()) {
      float[] gradient = at(engine, weight, scores).gradient();
      for (int i = 0; i < scores.length; i++) {
        float[] above = scores.clone();
        float[] below = scores.clone();
        above[i] += step;
        below[i] -= step;
        double slope = (loss(engine, above) - loss(engine, below)) / (2 * step);
        assertThat((double) gradient[i]).as("score %d", i).isCloseTo(weight * slope, within(1e-5));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyPixelsHaveTheMeanOfAll(TestedEngine tested) {
    float[] scores = random(5000 * CLASSES);
    double sum = 0;
    for (int row = 0; row < scores.length; row += CLASSES) {
      double all = 0;
      for (int c = row; c < row + CLASSES; c++) {
        all += Math.exp(scores[c]);
      }
      for (int c = row; c < row + CLASSES; c++) {
        double p = Math.exp(scores[c]) / all;
        sum -= p * Math.log(p) / Math.log(CLASSES);
      }
    }
    try (Engine engine = tested.make()) {
      assertThat(loss(engine, scores)).isCloseTo(sum / 5000, within(1e-6));
    }
  }

  private static float[] random(int n) {
    SplitMix64 random = new SplitMix64(5);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.uniform(-2, 2);
    }
    return values;
  }
}
