package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.adaptseg.config.Backbone;
import org.adaptseg.config.Level;
import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.kernels.nd4j.Nd4jKernels;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.nn.layers.ParameterSpec;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Gradients through the whole generator in double precision, against finite differences. */
class GeneratorGradientTest {
  private static final double STEP = 1e-6;

  @Test
  void featuresOfBothLevelsGiveTheGradientOfFiniteDifferences() {
    compare(LayerContext.Statistics.MOVING, true);
  }

  @Test
  void runningStatisticsGiveTheGradientOfFiniteDifferences() {
    compare(LayerContext.Statistics.RUNNING, false);
  }

  @Test
  void vggGivesTheGradientOfFiniteDifferences() {
    var heads =
        List.of(
            new GeneratorArchitecture.Head(Level.AUX, 3),
            new GeneratorArchitecture.Head(Level.MAIN, 5));
    compare(
        new GeneratorArchitecture(Backbone.VGG, List.of(1, 1, 2, 1, 1), 2, 3, List.of(1, 2), heads),
        LayerContext.Statistics.MOVING,
        false);
  }

  private static void compare(LayerContext.Statistics statistics, boolean features) {
    compare(
        new GeneratorArchitecture(List.of(1, 1, 1, 1), 2, 3, List.of(1, 2)), statistics, features);
  }

  private static void compare(
      GeneratorArchitecture architecture, LayerContext.Statistics statistics, boolean features) {
    try (Kernels kernels = new Nd4jKernels(DataType.DOUBLE);
        Generator g = new Generator(architecture, kernels)) {
      fill(g);
      g.setStatistics(statistics);
      INDArray image = random(7, 1, 3, 32, 32).muli(50);
      Map<Level, INDArray> logits = g.forward(image, true);
      Map<Level, INDArray> seen =
          features
              ? Map.of(Level.AUX, g.features(Level.AUX), Level.MAIN, g.features(Level.MAIN))
              : logits;
      Map<Level, INDArray> epsilons =
          Map.of(
              Level.AUX, random(8, seen.get(Level.AUX).shape()),
              Level.MAIN, random(9, seen.get(Level.MAIN).shape()));
      if (features) {
        g.backward(Map.of(), epsilons, false);
      } else {
        g.backward(epsilons, false);
      }
      INDArray gradient = g.gradients().dup();
      int compared = 0;
      for (ParameterSlice s : g.slices()) {
        boolean reached = !features || !s.head();
        if (s.role().trained()) {
          long at = s.offset() + 7919L % s.length();
          double expected = reached ? difference(g, image, at, epsilons, features) : 0;
          assertThat(gradient.getDouble(at))
              .as("%s[%d]", s.key(), at - s.offset())
              .isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
          compared++;
        }
      }
      assertThat(compared).isGreaterThan(15);
    }
  }

  private static double difference(
      Generator g, INDArray image, long at, Map<Level, INDArray> epsilons, boolean features) {
    double old = g.parameters().getDouble(at);
    double up = value(g, image, at, old + STEP, epsilons, features);
    double down = value(g, image, at, old - STEP, epsilons, features);
    g.parameters().putScalar(at, old);
    g.parametersChanged();
    return (up - down) / (2 * STEP);
  }

  private static double value(
      Generator g,
      INDArray image,
      long at,
      double parameter,
      Map<Level, INDArray> epsilons,
      boolean features) {
    g.parameters().putScalar(at, parameter);
    g.parametersChanged();
    Map<Level, INDArray> logits = g.forward(image, true);
    return epsilons.entrySet().stream()
        .mapToDouble(
            e ->
                (features ? g.features(e.getKey()) : logits.get(e.getKey()))
                    .mul(e.getValue())
                    .sumNumber()
                    .doubleValue())
        .sum();
  }

  private static void fill(Generator g) {
    SplitMix64 random = new SplitMix64(3);
    for (ParameterSlice s : g.slices()) {
      double fanIn = s.shape().length == 4 ? (double) s.length() / s.shape()[0] : 1;
      for (long i = 0; i < s.length(); i++) {
        double v = random.uniform(-1, 1);
        double value =
            s.role() == ParameterSpec.Role.WEIGHT
                ? v * Math.sqrt(6 / fanIn)
                : s.role() == ParameterSpec.Role.NORM_SCALE
                        || s.role() == ParameterSpec.Role.RUNNING_VARIANCE
                    ? 1 + 0.2 * v
                    : 0.1 * v;
        g.parameters().putScalar(s.offset() + i, value);
      }
    }
    g.parametersChanged();
  }

  private static INDArray random(long seed, long... shape) {
    SplitMix64 random = new SplitMix64(seed);
    INDArray values = Nd4j.create(DataType.DOUBLE, shape);
    for (long i = 0; i < values.length(); i++) {
      values.putScalar(i, random.uniform(-1, 1));
    }
    return values;
  }
}
