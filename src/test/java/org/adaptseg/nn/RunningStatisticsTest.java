package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.adaptseg.nn.layers.LayerContext.Statistics;
import org.adaptseg.nn.layers.ParameterSpec.Role;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.Tensors;
import org.junit.jupiter.api.Test;

class RunningStatisticsTest {
  /**
   * Wide enough for the vector code of a BLAS, whose processor-dependent engine, and the variable
   * OPENBLAS_CORETYPE, decided about the last bit once.
   */
  private static final GeneratorArchitecture ARCHITECTURE =
      new GeneratorArchitecture(List.of(1, 1, 1, 1), 64, 3, List.of(1));

  @Test
  void runningMeansMoveByTwoProductsAndASumEachRoundedByItself() {
    try (Engine engine = new OneDnnEngine();
        Generator generator = new Generator(ARCHITECTURE, engine)) {
      GoldenNetworks.fill(generator, "G", 1);
      Tensor image =
          Tensors.image(
              engine, new FeatureShape(1, 3, 32, 32), GoldenTensors.unit("image", 2, 3 * 32 * 32));
      ParameterSlice first = firstMean(generator);
      float[] before = means(generator, first);
      generator.setStatistics(Statistics.MOVING);
      generator.forward(image, true);
      float[] moved = means(generator, first);
      generator.setStatistics(Statistics.REPLACING);
      generator.forward(image, true);
      float[] batch = means(generator, first);

      float[] expected = new float[before.length];
      for (int c = 0; c < expected.length; c++) {
        float kept = before[c] * 0.9f;
        float added = batch[c] * 0.1f;
        expected[c] = kept + added;
      }
      assertThat(moved).hasSizeGreaterThanOrEqualTo(64).isEqualTo(expected);
    }
  }

  private static ParameterSlice firstMean(Generator generator) {
    return generator.slices().stream()
        .filter(s -> s.role() == Role.RUNNING_MEAN)
        .findFirst()
        .orElseThrow();
  }

  private static float[] means(Generator generator, ParameterSlice slice) {
    return generator.parameter(slice).read();
  }
}
