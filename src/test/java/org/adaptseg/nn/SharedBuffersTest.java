package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.kernels.onednn.OneDnnKernels;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.testing.GoldenTensors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SharedBuffersTest {
  private static final int CLASSES = 3;
  private static final FeatureShape IMAGE = new FeatureShape(1, CLASSES, 32, 64);
  private static final DiscriminatorArchitecture SMALL = new DiscriminatorArchitecture(CLASSES, 4);

  private static INDArray rows(String name) {
    int pixels = (int) IMAGE.pixels();
    return Nd4j.createFromArray(GoldenTensors.unit(name, 2, pixels * CLASSES))
        .reshape('c', pixels, CLASSES);
  }

  @Test
  void aBackwardAfterAnotherNetworksForwardIsRefused() {
    try (Kernels kernels = new OneDnnKernels()) {
      LayerContext shared = new LayerContext(kernels);
      try (Discriminator first = new Discriminator(SMALL, shared);
          Discriminator second = new Discriminator(SMALL, shared)) {
        float[] logits = first.forward(rows("a"), IMAGE);
        second.forward(rows("b"), IMAGE);

        assertThatThrownBy(() -> first.backwardToParameters(logits, false))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("last forward");
        assertThatThrownBy(() -> first.backwardToInput(logits))
            .isInstanceOf(IllegalStateException.class);
      }
    }
  }

  @Test
  void networksThatTakeTurnsComputeWhatTheyComputeAlone() {
    try (Kernels kernels = new OneDnnKernels()) {
      LayerContext shared = new LayerContext(kernels);
      try (Discriminator alone = new Discriminator(SMALL, kernels);
          Discriminator first = new Discriminator(SMALL, shared);
          Discriminator second = new Discriminator(SMALL, shared)) {
        GoldenNetworks.fill(alone, "D", 1);
        GoldenNetworks.fill(first, "D", 1);
        GoldenNetworks.fill(second, "E", 1);
        float[] gradient = alone.forward(rows("a"), IMAGE);
        alone.backwardToParameters(gradient, false);

        second.backwardToParameters(second.forward(rows("b"), IMAGE), false);
        assertThat(first.forward(rows("a"), IMAGE)).isEqualTo(gradient);
        first.backwardToParameters(gradient, false);

        assertThat(first.gradients()).isEqualTo(alone.gradients());
      }
    }
  }
}
