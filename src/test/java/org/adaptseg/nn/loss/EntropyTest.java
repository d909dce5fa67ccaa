package org.adaptseg.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.adaptseg.data.random.SplitMix64;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class EntropyTest {
  private static final int CLASSES = 4;

  private static INDArray rows(float[] values) {
    return Nd4j.createFromArray(values).reshape('c', values.length / CLASSES, CLASSES);
  }

  private static float[] softmax(float[] scores) {
    float[] p = new float[scores.length];
    for (int row = 0; row < p.length; row += CLASSES) {
      double sum = 0;
      for (int c = row; c < row + CLASSES; c++) {
        sum += Math.exp(scores[c]);
      }
      for (int c = row; c < row + CLASSES; c++) {
        p[c] = (float) (Math.exp(scores[c]) / sum);
      }
    }
    return p;
  }

  private static double loss(float[] scores) {
    return Entropy.at(rows(scores), rows(softmax(scores)), 1);
  }

  @Test
  void anUndecidedPixelHasOneACertainOneNothingAndOneBetweenTwoOfFourHalf() {
    assertThat(loss(new float[] {7, 7, 7, 7})).isCloseTo(1, within(1e-6));
    assertThat(loss(new float[] {0, 200, 0, 0})).isCloseTo(0, within(1e-6));
    assertThat(loss(new float[] {0, 90, 90, 0})).isCloseTo(0.5, within(1e-6));
    // The mean over the pixels.
    assertThat(loss(new float[] {7, 7, 7, 7, 0, 200, 0, 0, 0, 90, 90, 0, 1, 1, 1, 1}))
        .isCloseTo(0.625, within(1e-6));
  }

  @Test
  void theGradientIsTheWeightedSlope() {
    float[] scores = random(3 * CLASSES);
    INDArray gradient = rows(scores.clone());
    double weight = 0.5;
    Entropy.at(gradient, rows(softmax(scores)), weight);

    float step = 1f / 64;
    for (int i = 0; i < scores.length; i++) {
      float[] above = scores.clone();
      float[] below = scores.clone();
      above[i] += step;
      below[i] -= step;
      double slope = (loss(above) - loss(below)) / (2 * step);
      assertThat((double) gradient.data().getFloat(i))
          .as("score %d", i)
          .isCloseTo(weight * slope, within(1e-5));
    }
  }

  @Test
  void manyPixelsHaveTheMeanOfAll() {
    float[] scores = random(5000 * CLASSES);
    double sum = 0;
    float[] p = softmax(scores);
    for (float q : p) {
      sum -= q * Math.log(q) / Math.log(CLASSES);
    }
    assertThat(loss(scores)).isCloseTo(sum / 5000, within(1e-6));
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
