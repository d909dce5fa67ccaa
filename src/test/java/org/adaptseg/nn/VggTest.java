package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.Backbone;
import org.adaptseg.config.Level;
import org.adaptseg.config.Phase;
import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.nd4j.Nd4jEngine;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.adaptseg.testing.Tensors;
import org.adaptseg.testing.TinyRun;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.Losses;
import org.adaptseg.train.MemoryEstimate;
import org.junit.jupiter.api.Test;

class VggTest {
  private static final List<GeneratorArchitecture.Head> MAIN =
      List.of(new GeneratorArchitecture.Head(Level.MAIN, 5));

  private static GeneratorArchitecture tiny(int classes) {
    return new GeneratorArchitecture(
        Backbone.VGG, List.of(2, 2, 3, 3, 3), 4, classes, List.of(6, 12), MAIN);
  }

  @Test
  void theKeysAreThoseOfTheReleasedNetwork() {
    List<String> modules = new ArrayList<>();
    for (int i : new int[] {0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31}) {
      modules.add("features." + i);
    }
    modules.add("classifier.conv2d_list.0");
    modules.add("classifier.conv2d_list.1");
    try (Engine engine = new OneDnnEngine();
        Generator g = new Generator(tiny(19), engine)) {
      assertThat(g.slices())
          .extracting(ParameterSlice::key)
          .containsExactlyElementsOf(
              modules.stream().flatMap(m -> List.of(m + ".weight", m + ".bias").stream()).toList());
      ParameterSlice fc6 = g.slices().get(26);
      assertThat(fc6.key()).isEqualTo("features.29.weight");
      assertThat(fc6.shape()).containsExactly(64, 32, 3, 3);
      assertThat(g.slices()).filteredOn(ParameterSlice::head).hasSize(4);
    }
  }

  /** An odd size, where pooling leaves a row and a column out. */
  @Test
  void logitsAndGradientsAreThoseOfPlainOperations() {
    try (Engine fast = new OneDnnEngine();
        Engine plain = Nd4jEngine.float32();
        Generator a = new Generator(tiny(5), fast);
        Generator b = new Generator(tiny(5), plain)) {
      InitialValues.generator(a, 3);
      InitialValues.generator(b, 3);
      float[] pixels = random(1, 3 * 45 * 61);
      FeatureShape sizes = new FeatureShape(1, 3, 45, 61);
      Tensor logitsA = a.forward(Tensors.image(fast, sizes, pixels), true).get(Level.MAIN);
      Tensor logitsB = b.forward(Tensors.image(plain, sizes, pixels), true).get(Level.MAIN);
      FeatureShape shape = logitsA.shape();
      assertThat(shape).isEqualTo(new FeatureShape(1, 5, 5, 7));

      assertClose(Tensors.floats(logitsA), Tensors.floats(logitsB), "logits");

      float[] epsilon = random(2, (int) shape.size());
      a.backward(Map.of(Level.MAIN, Tensors.logits(fast, shape, epsilon)), false);
      b.backward(Map.of(Level.MAIN, Tensors.logits(plain, shape, epsilon)), false);
      float[] gradientA = a.gradients().read();
      float[] gradientB = b.gradients().read();
      for (ParameterSlice s : a.slices()) {
        int from = (int) s.offset();
        int to = from + (int) s.length();
        assertClose(
            java.util.Arrays.copyOfRange(gradientA, from, to),
            java.util.Arrays.copyOfRange(gradientB, from, to),
            s.key());
      }
    }
  }

  @Test
  void itTrainsOnOneLevel() {
    var config =
        TinyRun.config(
            "model={backbone: vgg, base-width: 4, discriminator-width: 4}",
            "optimizer.generator.learning-rate=1e-6");
    TinyRun.Result two = TinyRun.run(Phase.ADVERSARIAL, 2, config);
    LearnerState one = TinyRun.run(Phase.ADVERSARIAL, 1, config).state();

    assertThat(two.losses().get(1).terms().get(Losses.SEGMENTATION).keySet())
        .containsExactly(Level.MAIN);
    assertThat(two.state().values("generator.parameters"))
        .isNotEqualTo(one.values("generator.parameters"));
  }

  @Test
  void theEstimateCountsThePublishedParameters() {
    var config = TinyRun.config("model={backbone: vgg}");
    long parameters = MemoryEstimate.of(config, 19).parameters();
    try (Engine engine = new OneDnnEngine();
        Generator g =
            new Generator(
                new GeneratorArchitecture(
                    Backbone.VGG, List.of(2, 2, 3, 3, 3), 64, 19, List.of(6, 12), MAIN),
                engine)) {
      assertThat(parameters).isEqualTo(g.parameters().length());
    }
  }

  private static void assertClose(float[] found, float[] expected, String name) {
    double largest = 0;
    for (float v : expected) {
      largest = Math.max(largest, Math.abs(v));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i])
          .as("%s[%d]", name, i)
          .isCloseTo(expected[i], within(1e-4 * largest + 1e-9));
    }
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
