package org.adaptseg.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CrossEntropyTest {
  private static final byte IGNORE = (byte) CrossEntropy.IGNORE;

  private static double loss(float[][] scores, byte[] labels, double weight, INDArray gradient) {
    INDArray s = Nd4j.createFromArray(scores);
    return CrossEntropy.at(s, Nd4j.nn().softmax(s, 1), labels, weight, gradient);
  }

  @Test
  void itIsTheMeanOverThePixelsThatAreNotIgnored() {
    INDArray gradient = Nd4j.create(3, 2);
    float[][] scores = {{0, 0}, {0, (float) Math.log(3)}, {5, -7}};
    // −ln ½ and −ln ¾; the third pixel does not count
    double loss = loss(scores, new byte[] {0, 1, IGNORE}, 2, gradient);

    assertThat(loss).isCloseTo((0.6931471806 + 0.2876820724) / 2, within(1e-7));
    // weight / valid · (p − one-hot) = 1 · (…)
    assertThat(gradient.ravel().toFloatVector())
        .containsExactly(new float[] {-0.5f, 0.5f, 0.25f, -0.25f, 0, 0}, within(1e-6f));
  }

  @Test
  void anImageOfIgnoredPixelsHasNoLossAndNoGradient() {
    INDArray gradient = Nd4j.valueArrayOf(new long[] {2, 2}, 9f);
    assertThat(loss(new float[][] {{1, 2}, {3, 4}}, new byte[] {IGNORE, IGNORE}, 1, gradient))
        .isZero();
    assertThat(gradient.sumNumber().doubleValue()).isZero();
  }

  @Test
  void aProbabilityThatUnderflowsGivesItsTrueLogarithm() {
    INDArray gradient = Nd4j.create(1, 2);
    assertThat(loss(new float[][] {{0, 200}}, new byte[] {0}, 1, gradient))
        .isCloseTo(200, within(1e-6));
    assertThat(gradient.toFloatVector()).containsExactly(-1f, 1f);
  }

  @Test
  void aLabelThatIsNoClassIsRefused() {
    INDArray gradient = Nd4j.create(2, 2);
    assertThatThrownBy(() -> loss(new float[][] {{0, 0}, {0, 0}}, new byte[] {1, 2}, 1, gradient))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot take the cross-entropy: expected labels 0 to 1 or 255, found 2 (pixel 1)");
  }
}
