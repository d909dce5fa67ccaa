package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.Tensors;
import org.junit.jupiter.api.Test;

class SharedBuffersTest {
  private static final int CLASSES = 3;
  private static final FeatureShape IMAGE = new FeatureShape(1, CLASSES, 32, 64);
  private static final DiscriminatorArchitecture SMALL = new DiscriminatorArchitecture(CLASSES, 4);

  private static Tensor rows(Engine engine, String name) {
    return Tensors.pixels(engine, IMAGE, GoldenTensors.unit(name, 2, (int) IMAGE.size()));
  }

  @Test
  void aBackwardAfterAnotherNetworksForwardIsRefused() {
    try (Engine engine = new OneDnnEngine()) {
      LayerContext shared = new LayerContext(engine);
      try (Discriminator first = new Discriminator(SMALL, shared);
          Discriminator second = new Discriminator(SMALL, shared)) {
        Tensor logits = first.forward(rows(engine, "a"));
        second.forward(rows(engine, "b"));

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
    try (Engine engine = new OneDnnEngine()) {
      LayerContext shared = new LayerContext(engine);
      try (Discriminator alone = new Discriminator(SMALL, engine);
          Discriminator first = new Discriminator(SMALL, shared);
          Discriminator second = new Discriminator(SMALL, shared)) {
        GoldenNetworks.fill(alone, "D", 1);
        GoldenNetworks.fill(first, "D", 1);
        GoldenNetworks.fill(second, "E", 1);
        Tensor gradient = alone.forward(rows(engine, "a"));
        alone.backwardToParameters(gradient, false);

        second.backwardToParameters(second.forward(rows(engine, "b")), false);
        assertThat(first.forward(rows(engine, "a")).read()).isEqualTo(gradient.read());
        first.backwardToParameters(gradient, false);

        assertThat(first.gradients().read()).isEqualTo(alone.gradients().read());
      }
    }
  }
}
