package org.adaptseg.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.adaptseg.testing.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrossEntropyTest {
  private static final byte IGNORE = (byte) Losses.IGNORE;

  private record Value(double loss, float[] gradient) {}

  private static Value at(
      Engine engine, float[][] scores, byte[] labels, double weight, List<Float> classWeights) {
    Tensor s = Tensors.pixels(engine, scores);
    Tensor p = Tensors.like(engine, s);
    Tensor gradient = Tensors.like(engine, s);
    gradient.write(nines(scores));
    engine.elementwise().softmax(s, p);
    double loss = engine.losses().crossEntropy(s, p, labels, weight, classWeights, gradient).get();
    return new Value(loss, gradient.read());
  }

  private static float[] nines(float[][] like) {
    float[] values = new float[like.length * like[0].length];
    java.util.Arrays.fill(values, 9f);
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void itIsTheMeanOverThePixelsThatAreNotIgnored(TestedEngine tested) {
    try (Engine engine = tested.make()) {
      float[][] scores = {{0, 0}, {0, (float) Math.log(3)}, {5, -7}};
      // −ln ½ and −ln ¾; the third pixel does not count
      Value value = at(engine, scores, new byte[] {0, 1, IGNORE}, 2, List.of());

      assertThat(value.loss()).isCloseTo((0.6931471806 + 0.2876820724) / 2, within(1e-7));
      // weight / valid · (p − one-hot) = 1 · (…)
      assertThat(value.gradient())
          .containsExactly(new float[] {-0.5f, 0.5f, 0.25f, -0.25f, 0, 0}, within(1e-6f));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anImageOfIgnoredPixelsHasNoLossAndNoGradient(TestedEngine tested) {
    try (Engine engine = tested.make()) {
      Value value =
          at(engine, new float[][] {{1, 2}, {3, 4}}, new byte[] {IGNORE, IGNORE}, 1, List.of());
      assertThat(value.loss()).isZero();
      assertThat(value.gradient()).containsExactly(new float[4], within(0f));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aProbabilityThatUnderflowsGivesItsTrueLogarithm(TestedEngine tested) {
    try (Engine engine = tested.make()) {
      Value value = at(engine, new float[][] {{0, 200}}, new byte[] {0}, 1, List.of());
      assertThat(value.loss()).isCloseTo(200, within(1e-6));
      assertThat(value.gradient()).containsExactly(-1f, 1f);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLabelThatIsNoClassIsRefused(TestedEngine tested) {
    try (Engine engine = tested.make()) {
      float[][] scores = {{0, 0}, {0, 0}};
      assertThatThrownBy(() -> at(engine, scores, new byte[] {1, 2}, 1, List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot take the cross-entropy: expected labels 0 to 1 or 255, found 2 (pixel 1)");
    }
  }

  /**
   * Two pixels of classes 0 and 1 with probabilities ½ and ¼, weights 1 and 3, one ignored: loss (1
   * · ln 2 + 3 · ln 4) / 4 = 7/4 · ln 2; gradient w_y (p − y) / 4.
   */
  @ParameterizedTest
  @EnumSource
  void theMeanIsWeightedAsComputedByHand(TestedEngine tested) {
    try (Engine engine = tested.make()) {
      float[][] scores = {{0, 0}, {(float) Math.log(3), 0}, {0, 0}};
      Value value = at(engine, scores, new byte[] {0, 1, IGNORE}, 2, List.of(1f, 3f));

      assertThat(value.loss()).isCloseTo(1.75 * Math.log(2), within(1e-6));
      assertThat(value.gradient())
          .containsExactly(new float[] {-0.25f, 0.25f, 1.125f, -1.125f, 0, 0}, within(1e-6f));
    }
  }

  @ParameterizedTest
  @EnumSource
  void weightsOfOneAreNoWeights(TestedEngine tested) {
    try (Engine engine = tested.make()) {
      float[][] scores = {{0.3f, 0.7f}, {0.9f, 0.1f}};
      byte[] labels = {1, 0};

      Value expected = at(engine, scores, labels, 0.1, List.of());
      Value found = at(engine, scores, labels, 0.1, List.of(1f, 1f));

      assertThat(found.loss()).isEqualTo(expected.loss());
      assertThat(found.gradient()).isEqualTo(expected.gradient());
    }
  }
}
