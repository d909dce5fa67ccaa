package org.adaptseg.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ClassWeightsTest {
  /**
   * Two pixels of classes 0 and 1 with probabilities ½ and ¼, weights 1 and 3, one ignored: loss (1
   * · ln 2 + 3 · ln 4) / 4 = 7/4 · ln 2; gradient w_y (p − y) / 4.
   */
  @Test
  void theMeanIsWeightedAsComputedByHand() {
    INDArray p = Nd4j.createFromArray(new float[][] {{0.5f, 0.5f}, {0.75f, 0.25f}, {0.5f, 0.5f}});
    INDArray scores = org.nd4j.linalg.ops.transforms.Transforms.log(p);
    INDArray gradient = p.ulike();

    double loss =
        CrossEntropy.at(scores, p, new byte[] {0, 1, (byte) 255}, 2.0, List.of(1f, 3f), gradient);

    assertThat(loss).isCloseTo(1.75 * Math.log(2), within(1e-6));
    assertThat(gradient.toFloatMatrix()[0])
        .containsExactly(new float[] {-0.25f, 0.25f}, within(1e-6f));
    assertThat(gradient.toFloatMatrix()[1])
        .containsExactly(new float[] {1.125f, -1.125f}, within(1e-6f));
    assertThat(gradient.toFloatMatrix()[2]).containsExactly(0f, 0f);
  }

  @Test
  void weightsOfOneAreNoWeights() {
    INDArray p = Nd4j.createFromArray(new float[][] {{0.3f, 0.7f}, {0.9f, 0.1f}});
    INDArray scores = org.nd4j.linalg.ops.transforms.Transforms.log(p);
    INDArray plain = p.ulike();
    INDArray ones = p.ulike();
    byte[] labels = {1, 0};

    double expected = CrossEntropy.at(scores, p, labels, 0.1, plain);
    double found = CrossEntropy.at(scores, p, labels, 0.1, List.of(1f, 1f), ones);

    assertThat(found).isEqualTo(expected);
    assertThat(ones).isEqualTo(plain);
  }
}
