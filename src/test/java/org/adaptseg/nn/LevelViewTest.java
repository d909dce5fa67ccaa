package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.adaptseg.testing.Tensors;
import org.junit.jupiter.api.Test;

class LevelViewTest {
  private static final FeatureShape SMALL = new FeatureShape(1, 4, 3, 5);
  private static final int HEIGHT = 9;
  private static final int WIDTH = 17;
  private static final FeatureShape LARGE = new FeatureShape(1, 4, HEIGHT, WIDTH);

  /** C = 4, so −p ln p / ln 4: of ¼ it is ¼, of ½ ¼, of ⅛ 3/16, of 1 and of 0 nothing. */
  @Test
  void selfInformationHasTheValuesComputedByHand() {
    FeatureShape one = new FeatureShape(1, 4, 1, 3);
    try (Engine engine = new OneDnnEngine();
        LabelMapScores map = new LabelMapScores(engine, one, 1, 3);
        SelfInformationView view = new SelfInformationView(engine, map)) {
      // By class, then by pixel: ln p, and a constant of each pixel's own, which p does not show.
      float[] logits = {
        7 + ln(0.25), ln(0.5), -3, 7 + ln(0.25), ln(0.125), -203,
        7 + ln(0.25), ln(0.125), -203, 7 + ln(0.25), ln(0.25), -203
      };
      view.read(Tensors.logits(engine, one, logits));

      float[] rows = view.rows().read();

      assertThat(rows)
          .containsExactly(
              new float[] {0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.1875f, 0.1875f, 0.25f, 0, 0, 0, 0},
              within(1e-6f));
    }
  }

  private static float ln(double p) {
    return (float) Math.log(p);
  }

  @Test
  void theGradientOfSelfInformationIsThatOfFiniteDifferences() {
    try (Engine engine = new OneDnnEngine();
        LabelMapScores map = new LabelMapScores(engine, SMALL, HEIGHT, WIDTH);
        SelfInformationView view = new SelfInformationView(engine, map)) {
      compare(engine, view, view::read, 2e-2);
    }
  }

  @Test
  void theGradientOfTheSoftmaxIsThatOfFiniteDifferences() {
    try (Engine engine = new OneDnnEngine();
        LabelMapScores map = new LabelMapScores(engine, SMALL, HEIGHT, WIDTH);
        SoftmaxView view = new SoftmaxView(map)) {
      compare(engine, view, map::read, 2e-2);
    }
  }

  @Test
  void theGradientOfUpsampledFeaturesIsThatOfFiniteDifferences() {
    for (boolean corners : new boolean[] {true, false}) {
      try (Engine engine = new OneDnnEngine();
          FeatureView view = new FeatureView(engine, SMALL, HEIGHT, WIDTH, corners)) {
        compare(engine, view, view::read, 1e-2);
      }
    }
  }

  @Test
  void gradientsOfSeveralLossesOnALabelMapAddUpUntilTheNextForward() {
    float[] values = random(1, (int) SMALL.size());
    float[] epsilon = random(2, HEIGHT * WIDTH * 4);
    try (Engine engine = new OneDnnEngine();
        LabelMapScores map = new LabelMapScores(engine, SMALL, HEIGHT, WIDTH)) {
      map.read(activation(engine, values));
      float[] one = map.backwardScores(Tensors.pixels(engine, LARGE, epsilon)).read();
      float[] twice = map.backwardScores(Tensors.pixels(engine, LARGE, epsilon)).read();
      float[] thrice = map.backwardScores(Tensors.pixels(engine, LARGE, epsilon)).read();
      map.read(activation(engine, values));
      float[] again = map.backwardScores(Tensors.pixels(engine, LARGE, epsilon)).read();

      assertThat(twice).isEqualTo(times(one, 2));
      assertThat(thrice).containsExactly(times(one, 3), within(1e-6f));
      assertThat(again).isEqualTo(one);
    }
  }

  private static float[] times(float[] values, float factor) {
    float[] product = values.clone();
    for (int i = 0; i < product.length; i++) {
      product[i] *= factor;
    }
    return product;
  }

  private interface Reader {
    void read(Tensor activation);
  }

  /** The derivative of Σ ε · rows in every value of the level. */
  private static void compare(Engine engine, LevelView view, Reader reader, double bound) {
    float[] values = random(1, (int) SMALL.size());
    float[] epsilon = random(2, HEIGHT * WIDTH * 4);
    reader.read(activation(engine, values));
    view.rows();
    float[] found = Tensors.floats(view.backward(Tensors.pixels(engine, LARGE, epsilon)));

    float step = 0.02f;
    for (int i = 0; i < values.length; i++) {
      float[] up = values.clone();
      up[i] += step;
      float[] down = values.clone();
      down[i] -= step;
      double expected =
          (value(engine, view, reader, up, epsilon) - value(engine, view, reader, down, epsilon))
              / (2 * step);
      assertThat((double) found[i]).as("gradient %d", i).isCloseTo(expected, within(bound));
    }
  }

  private static double value(
      Engine engine, LevelView view, Reader reader, float[] values, float[] epsilon) {
    reader.read(activation(engine, values));
    float[] rows = view.rows().read();
    double sum = 0;
    for (int i = 0; i < rows.length; i++) {
      sum += (double) rows[i] * epsilon[i];
    }
    return sum;
  }

  private static Tensor activation(Engine engine, float[] values) {
    return Tensors.logits(engine, SMALL, values);
  }

  private static float[] random(long seed, int n) {
    SplitMix64 random = new SplitMix64(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.uniform(-1, 1);
    }
    return values;
  }
}
