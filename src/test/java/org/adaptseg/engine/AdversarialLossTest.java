package org.adaptseg.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.adaptseg.config.GanLoss;
import org.adaptseg.engine.Losses.Side;
import org.adaptseg.testing.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdversarialLossTest {
  private static final float[] LOGITS = {0f, 2f, -1.5f};

  private record Value(double loss, float[] gradient) {}

  private static Value at(
      Engine engine, GanLoss objective, Side side, double weight, float... logits) {
    FeatureShape shape = new FeatureShape(1, 1, 1, logits.length);
    Tensor z = Tensors.logits(engine, shape, logits);
    Tensor gradient = engine.tensor(Tensor.Kind.LOGITS, shape);
    double loss = engine.losses().adversarial(objective, side, z, weight, gradient).get();
    return new Value(loss, gradient.read());
  }

  @ParameterizedTest
  @EnumSource
  void vanillaIsTheMeanBinaryCrossEntropyOnLogits(TestedEngine tested) {
    try (Engine engine = tested.make()) {
      // ln 2, ln(1 + e^2), ln(1 + e^-1.5); of a target: ln 2, ln(1 + e^-2), ln(1 + e^1.5)
      double source = (0.6931471806 + 2.1269280110 + 0.2014132779) / 3;
      double target = (0.6931471806 + 0.1269280110 + 1.7014132779) / 3;
      double bound = tested.bound();
      assertThat(at(engine, GanLoss.VANILLA, Side.SOURCE, 1, LOGITS).loss())
          .isCloseTo(source, within(bound));
      assertThat(at(engine, GanLoss.VANILLA, Side.TARGET, 1, LOGITS).loss())
          .isCloseTo(target, within(bound));
      assertThat(at(engine, GanLoss.VANILLA, Side.FOOL, 1, LOGITS).loss())
          .isCloseTo(source, within(bound));
    }
  }

  @ParameterizedTest
  @EnumSource
  void leastSquaresIsTheMeanSquaredError(TestedEngine tested) {
    try (Engine engine = tested.make()) {
      assertThat(at(engine, GanLoss.LEAST_SQUARES, Side.SOURCE, 1, LOGITS).loss())
          .isEqualTo((0 + 4 + 2.25) / 3);
      assertThat(at(engine, GanLoss.LEAST_SQUARES, Side.TARGET, 1, LOGITS).loss())
          .isEqualTo((1 + 1 + 6.25) / 3);
      assertThat(at(engine, GanLoss.LEAST_SQUARES, Side.FOOL, 1, LOGITS).loss())
          .isEqualTo((0 + 4 + 2.25) / 3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void hingeLeavesLogitsBeyondTheMarginAloneAndPullsTheGeneratorStraight(TestedEngine tested) {
    try (Engine engine = tested.make()) {
      // D wants source logits below −1 and target logits above 1.
      Value source = at(engine, GanLoss.HINGE, Side.SOURCE, 3, LOGITS);
      assertThat(source.loss()).isEqualTo((1 + 3 + 0) / 3.0);
      assertThat(source.gradient()).containsExactly(1f, 1f, 0f);
      Value target = at(engine, GanLoss.HINGE, Side.TARGET, 3, LOGITS);
      assertThat(target.loss()).isEqualTo((1 + 0 + 2.5) / 3.0);
      assertThat(target.gradient()[0]).isEqualTo(-1f);
      assertThat(target.gradient()[1]).isZero();
      assertThat(target.gradient()[2]).isEqualTo(-1f);
      // G has no margin.
      Value fool = at(engine, GanLoss.HINGE, Side.FOOL, 3, LOGITS);
      assertThat(fool.loss()).isEqualTo((0 + 2 - 1.5) / 3.0);
      assertThat(fool.gradient()).containsExactly(1f, 1f, 1f);
    }
  }

  @ParameterizedTest
  @EnumSource
  void hingeHasNoSlopeAtTheMargin(TestedEngine tested) {
    try (Engine engine = tested.make()) {
      Value source = at(engine, GanLoss.HINGE, Side.SOURCE, 1, -1f);
      assertThat(source.loss()).isZero();
      assertThat(source.gradient()[0]).isZero();
      assertThat(at(engine, GanLoss.HINGE, Side.TARGET, 1, 1f).gradient()[0]).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void vanillaStaysFiniteForLogitsThatOverflowAnExponential(TestedEngine tested) {
    try (Engine engine = tested.make()) {
      Value value = at(engine, GanLoss.VANILLA, Side.TARGET, 1, 1000f, -1000f);
      assertThat(value.loss()).isEqualTo(500.0);
      assertThat(value.gradient()).containsExactly(0f, -0.5f);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theGradientIsTheWeightedSlope(GanLoss objective) {
    double weight = 0.25;
    float step = 1f / 256;
    try (Engine engine = TestedEngine.FLOAT64.make()) {
      for (Side side : Side.values()) {
        float[] gradient = at(engine, objective, side, weight, LOGITS).gradient();
        for (int i = 0; i < LOGITS.length; i++) {
          float[] above = LOGITS.clone();
          float[] below = LOGITS.clone();
          above[i] += step;
          below[i] -= step;
          double slope =
              (at(engine, objective, side, 1, above).loss()
                      - at(engine, objective, side, 1, below).loss())
                  / (2 * step);
          assertThat((double) gradient[i]).isCloseTo(weight * slope, within(1e-6));
        }
        try (Engine fast = new org.adaptseg.engine.onednn.OneDnnEngine()) {
          assertThat(at(fast, objective, side, weight, LOGITS).gradient())
              .containsExactly(gradient, within(1e-7f));
        }
      }
    }
  }
}
