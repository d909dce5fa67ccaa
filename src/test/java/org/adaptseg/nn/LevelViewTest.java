package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.kernels.onednn.OneDnnKernels;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LevelViewTest {
  private static final FeatureShape SMALL = new FeatureShape(1, 4, 3, 5);
  private static final int HEIGHT = 9;
  private static final int WIDTH = 17;

  /** C = 4, so −p ln p / ln 4: of ¼ it is ¼, of ½ ¼, of ⅛ 3/16, of 1 and of 0 nothing. */
  @Test
  void selfInformationHasTheValuesComputedByHand() {
    FeatureShape one = new FeatureShape(1, 4, 1, 3);
    try (Kernels kernels = new OneDnnKernels();
        LabelMapScores map = new LabelMapScores(kernels, one, 1, 3);
        SelfInformationView view = new SelfInformationView(map)) {
      // By class, then by pixel: ln p, and a constant of each pixel's own, which p does not show.
      float[][] logits = {
        {7 + ln(0.25), ln(0.5), -3}, {7 + ln(0.25), ln(0.125), -203},
        {7 + ln(0.25), ln(0.125), -203}, {7 + ln(0.25), ln(0.25), -203}
      };
      INDArray read = Nd4j.create(kernels.dataType(), kernels.activationShape(one));
      kernels
          .elementwise()
          .fromNchw(Nd4j.createFromArray(logits).reshape('c', 1, 4, 1, 3), read, one);
      view.read(read);

      float[][] rows = view.rows().toFloatMatrix();

      assertThat(rows[0]).containsExactly(new float[] {0.25f, 0.25f, 0.25f, 0.25f}, within(1e-6f));
      assertThat(rows[1])
          .containsExactly(new float[] {0.25f, 0.1875f, 0.1875f, 0.25f}, within(1e-6f));
      assertThat(rows[2]).containsExactly(new float[] {0, 0, 0, 0}, within(1e-6f));
    }
  }

  private static float ln(double p) {
    return (float) Math.log(p);
  }

  @Test
  void theGradientOfSelfInformationIsThatOfFiniteDifferences() {
    try (Kernels kernels = new OneDnnKernels();
        LabelMapScores map = new LabelMapScores(kernels, SMALL, HEIGHT, WIDTH);
        SelfInformationView view = new SelfInformationView(map)) {
      compare(kernels, view, view::read, 2e-2);
    }
  }

  @Test
  void theGradientOfTheSoftmaxIsThatOfFiniteDifferences() {
    try (Kernels kernels = new OneDnnKernels();
        LabelMapScores map = new LabelMapScores(kernels, SMALL, HEIGHT, WIDTH);
        SoftmaxView view = new SoftmaxView(map)) {
      compare(kernels, view, map::read, 2e-2);
    }
  }

  @Test
  void theGradientOfUpsampledFeaturesIsThatOfFiniteDifferences() {
    for (boolean corners : new boolean[] {true, false}) {
      try (Kernels kernels = new OneDnnKernels();
          FeatureView view = new FeatureView(kernels, SMALL, HEIGHT, WIDTH, corners)) {
        compare(kernels, view, view::read, 1e-2);
      }
    }
  }

  @Test
  void gradientsOfSeveralLossesOnALabelMapAddUpUntilTheNextForward() {
    float[] values = random(1, (int) SMALL.size());
    INDArray epsilon =
        Nd4j.createFromArray(random(2, HEIGHT * WIDTH * 4)).reshape('c', HEIGHT * WIDTH, 4);
    try (Kernels kernels = new OneDnnKernels();
        LabelMapScores map = new LabelMapScores(kernels, SMALL, HEIGHT, WIDTH)) {
      map.read(activation(kernels, values));
      INDArray one = map.backwardScores(epsilon).dup();
      INDArray twice = map.backwardScores(epsilon).dup();
      INDArray thrice = map.backwardScores(epsilon).dup();
      map.read(activation(kernels, values));
      INDArray again = map.backwardScores(epsilon).dup();

      assertThat(twice.data().asFloat()).isEqualTo(one.mul(2).data().asFloat());
      assertThat(thrice.data().asFloat())
          .containsExactly(one.mul(3).data().asFloat(), within(1e-6f));
      assertThat(again.data().asFloat()).isEqualTo(one.data().asFloat());
    }
  }

  private interface Reader {
    void read(INDArray activation);
  }

  /** The derivative of Σ ε · rows in every value of the level. */
  private static void compare(Kernels kernels, LevelView view, Reader reader, double bound) {
    float[] values = random(1, (int) SMALL.size());
    INDArray epsilon =
        Nd4j.createFromArray(random(2, HEIGHT * WIDTH * 4)).reshape('c', HEIGHT * WIDTH, 4);
    reader.read(activation(kernels, values));
    view.rows();
    INDArray gradient = view.backward(epsilon.dup());
    INDArray plain = Nd4j.create(kernels.dataType(), 1, 4, 3, 5);
    kernels.elementwise().toNchw(gradient, plain, SMALL);
    float[] found = plain.reshape(plain.length()).toFloatVector();

    float step = 0.02f;
    for (int i = 0; i < values.length; i++) {
      float[] up = values.clone();
      up[i] += step;
      float[] down = values.clone();
      down[i] -= step;
      double expected =
          (value(kernels, view, reader, up, epsilon) - value(kernels, view, reader, down, epsilon))
              / (2 * step);
      assertThat((double) found[i]).as("gradient %d", i).isCloseTo(expected, within(bound));
    }
  }

  private static double value(
      Kernels kernels, LevelView view, Reader reader, float[] values, INDArray epsilon) {
    reader.read(activation(kernels, values));
    float[] rows = view.rows().dup().data().asFloat();
    float[] weights = epsilon.data().asFloat();
    double sum = 0;
    for (int i = 0; i < rows.length; i++) {
      sum += (double) rows[i] * weights[i];
    }
    return sum;
  }

  private static INDArray activation(Kernels kernels, float[] values) {
    INDArray activation = Nd4j.create(kernels.dataType(), kernels.activationShape(SMALL));
    kernels
        .elementwise()
        .fromNchw(Nd4j.createFromArray(values).reshape('c', 1, 4, 3, 5), activation, SMALL);
    return activation;
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
