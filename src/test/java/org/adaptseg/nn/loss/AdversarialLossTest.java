package org.adaptseg.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.adaptseg.config.GanLoss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdversarialLossTest {
  private static final float[] LOGITS = {0f, 2f, -1f};

  @Test
  void vanillaIsTheMeanBinaryCrossEntropyOnLogits() {
    AdversarialLoss loss = new AdversarialLoss(GanLoss.VANILLA);
    // ln 2, ln(1 + e^2), ln(1 + e^-1); with label 1: ln 2, ln(1 + e^-2), ln(1 + e^1)
    assertThat(loss.at(LOGITS, AdversarialLoss.SOURCE, 1).loss())
        .isCloseTo((0.6931471806 + 2.1269280110 + 0.3132616875) / 3, within(1e-9));
    assertThat(loss.at(LOGITS, AdversarialLoss.TARGET, 1).loss())
        .isCloseTo((0.6931471806 + 0.1269280110 + 1.3132616875) / 3, within(1e-9));
  }

  @Test
  void leastSquaresIsTheMeanSquaredError() {
    AdversarialLoss loss = new AdversarialLoss(GanLoss.LEAST_SQUARES);
    assertThat(loss.at(LOGITS, AdversarialLoss.SOURCE, 1).loss()).isEqualTo(5.0 / 3);
    assertThat(loss.at(LOGITS, AdversarialLoss.TARGET, 1).loss()).isEqualTo(6.0 / 3);
  }

  @Test
  void vanillaStaysFiniteForLogitsThatOverflowAnExponential() {
    LossValue value = new AdversarialLoss(GanLoss.VANILLA).at(new float[] {1000f, -1000f}, 1, 1);
    assertThat(value.loss()).isEqualTo(500.0);
    assertThat(value.gradient()).containsExactly(0f, -0.5f);
  }

  @ParameterizedTest
  @EnumSource(GanLoss.class)
  void theGradientIsTheWeightedSlope(GanLoss kind) {
    AdversarialLoss loss = new AdversarialLoss(kind);
    double weight = 0.25;
    float step = 1f / 256;
    for (double label : new double[] {AdversarialLoss.SOURCE, AdversarialLoss.TARGET}) {
      float[] gradient = loss.at(LOGITS, label, weight).gradient();
      for (int i = 0; i < LOGITS.length; i++) {
        float[] above = LOGITS.clone();
        float[] below = LOGITS.clone();
        above[i] += step;
        below[i] -= step;
        double slope =
            (loss.at(above, label, 1).loss() - loss.at(below, label, 1).loss()) / (2 * step);
        assertThat((double) gradient[i]).isCloseTo(weight * slope, within(1e-6));
      }
    }
  }
}
