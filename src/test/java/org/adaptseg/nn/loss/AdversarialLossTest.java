package org.adaptseg.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.BiFunction;
import org.adaptseg.config.GanLoss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdversarialLossTest {
  private static final float[] LOGITS = {0f, 2f, -1.5f};

  private static final AdversarialLoss VANILLA = new AdversarialLoss(GanLoss.VANILLA);
  private static final AdversarialLoss HINGE = new AdversarialLoss(GanLoss.HINGE);

  @Test
  void vanillaIsTheMeanBinaryCrossEntropyOnLogits() {
    // ln 2, ln(1 + e^2), ln(1 + e^-1.5); of a target: ln 2, ln(1 + e^-2), ln(1 + e^1.5)
    double source = (0.6931471806 + 2.1269280110 + 0.2014132779) / 3;
    double target = (0.6931471806 + 0.1269280110 + 1.7014132779) / 3;
    assertThat(VANILLA.onSource(LOGITS, 1).loss()).isCloseTo(source, within(1e-9));
    assertThat(VANILLA.onTarget(LOGITS, 1).loss()).isCloseTo(target, within(1e-9));
    assertThat(VANILLA.fool(LOGITS, 1).loss()).isCloseTo(source, within(1e-9));
  }

  @Test
  void leastSquaresIsTheMeanSquaredError() {
    AdversarialLoss loss = new AdversarialLoss(GanLoss.LEAST_SQUARES);
    assertThat(loss.onSource(LOGITS, 1).loss()).isEqualTo((0 + 4 + 2.25) / 3);
    assertThat(loss.onTarget(LOGITS, 1).loss()).isEqualTo((1 + 1 + 6.25) / 3);
    assertThat(loss.fool(LOGITS, 1).loss()).isEqualTo((0 + 4 + 2.25) / 3);
  }

  @Test
  void hingeLeavesLogitsBeyondTheMarginAloneAndPullsTheGeneratorStraight() {
    // D wants source logits below −1 and target logits above 1.
    assertThat(HINGE.onSource(LOGITS, 1).loss()).isEqualTo((1 + 3 + 0) / 3.0);
    assertThat(HINGE.onSource(LOGITS, 3).gradient()).containsExactly(1f, 1f, 0f);
    assertThat(HINGE.onTarget(LOGITS, 1).loss()).isEqualTo((1 + 0 + 2.5) / 3.0);
    assertThat(HINGE.onTarget(LOGITS, 3).gradient()).containsExactly(-1f, 0f, -1f);
    // G has no margin.
    assertThat(HINGE.fool(LOGITS, 1).loss()).isEqualTo((0 + 2 - 1.5) / 3.0);
    assertThat(HINGE.fool(LOGITS, 3).gradient()).containsExactly(1f, 1f, 1f);
  }

  @Test
  void hingeHasNoSlopeAtTheMargin() {
    assertThat(HINGE.onSource(new float[] {-1f}, 1))
        .satisfies(value -> assertThat(value.loss()).isZero())
        .satisfies(value -> assertThat(value.gradient()).containsExactly(0f));
    assertThat(HINGE.onTarget(new float[] {1f}, 1).gradient()).containsExactly(0f);
  }

  @Test
  void vanillaStaysFiniteForLogitsThatOverflowAnExponential() {
    LossValue value = VANILLA.onTarget(new float[] {1000f, -1000f}, 1);
    assertThat(value.loss()).isEqualTo(500.0);
    assertThat(value.gradient()).containsExactly(0f, -0.5f);
  }

  @ParameterizedTest
  @EnumSource(GanLoss.class)
  void theGradientIsTheWeightedSlope(GanLoss kind) {
    AdversarialLoss loss = new AdversarialLoss(kind);
    double weight = 0.25;
    float step = 1f / 256;
    List<BiFunction<float[], Double, LossValue>> losses =
        List.of(loss::onSource, loss::onTarget, loss::fool);
    for (BiFunction<float[], Double, LossValue> of : losses) {
      float[] gradient = of.apply(LOGITS, weight).gradient();
      for (int i = 0; i < LOGITS.length; i++) {
        float[] above = LOGITS.clone();
        float[] below = LOGITS.clone();
        above[i] += step;
        below[i] -= step;
        double slope = (of.apply(above, 1.0).loss() - of.apply(below, 1.0).loss()) / (2 * step);
        assertThat((double) gradient[i]).isCloseTo(weight * slope, within(1e-6));
      }
    }
  }
}
