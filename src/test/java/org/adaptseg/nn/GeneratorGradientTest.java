package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.Backbone;
import org.adaptseg.config.Level;
import org.adaptseg.config.Model.Block;
import org.adaptseg.config.StrideOn;
import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.nd4j.Nd4jEngine;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.nn.layers.ParameterSpec;
import org.junit.jupiter.api.Test;

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

  @Test
  void basicBlocksGiveTheGradientOfFiniteDifferences() {
    GeneratorArchitecture basic =
        new GeneratorArchitecture(
            Backbone.RESNET,
            List.of(2, 1, 1, 2),
            2,
            3,
            List.of(1, 2),
            StrideOn.REDUCTION,
            Block.BASIC,
            GeneratorArchitecture.PAPER);
    compare(basic, LayerContext.Statistics.MOVING, false);
    compare(basic, LayerContext.Statistics.RUNNING, true);
  }

  private static void compare(LayerContext.Statistics statistics, boolean features) {
    compare(
        new GeneratorArchitecture(List.of(1, 1, 1, 1), 2, 3, List.of(1, 2)), statistics, features);
  }

  private static void compare(
      GeneratorArchitecture architecture, LayerContext.Statistics statistics, boolean features) {
    try (Engine engine = Nd4jEngine.float64();
        Generator g = new Generator(architecture, engine)) {
      fill(g);
      g.setStatistics(statistics);
      Tensor image = engine.tensor(Tensor.Kind.IMAGE, new FeatureShape(1, 3, 32, 32));
      double[] pixels = random(7, image.shape().size());
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] *= 50;
      }
      image.write(pixels);
      Map<Level, Tensor> logits = g.forward(image, true);
      Map<Level, double[]> weights = new LinkedHashMap<>();
      Map<Level, Tensor> epsilons = new LinkedHashMap<>();
      for (Level level : List.of(Level.AUX, Level.MAIN)) {
        Tensor seen = features ? g.features(level) : logits.get(level);
        weights.put(level, random(level == Level.AUX ? 8 : 9, seen.shape().size()));
        Tensor epsilon = engine.tensor(seen.kind(), seen.shape());
        epsilon.write(weights.get(level));
        epsilons.put(level, epsilon);
      }
      if (features) {
        g.backward(Map.of(), epsilons, false);
      } else {
        g.backward(epsilons, false);
      }
      double[] gradient = g.gradients().readDoubles();
      int compared = 0;
      for (ParameterSlice s : g.slices()) {
        boolean reached = !features || !s.head();
        if (s.role().trained()) {
          int at = Math.toIntExact(s.offset() + 7919L % s.length());
          double expected = reached ? difference(g, image, at, weights, features) : 0;
          assertThat(gradient[at])
              .as("%s[%d]", s.key(), at - s.offset())
              .isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
          compared++;
        }
      }
      assertThat(compared).isGreaterThan(15);
    }
  }

  private static double difference(
      Generator g, Tensor image, int at, Map<Level, double[]> weights, boolean features) {
    double old = g.parameters().part(at, 1).readDoubles()[0];
    double up = value(g, image, at, old + STEP, weights, features);
    double down = value(g, image, at, old - STEP, weights, features);
    set(g, at, old);
    return (up - down) / (2 * STEP);
  }

  private static void set(Generator g, int at, double value) {
    g.parameters().part(at, 1).write(new double[] {value});
    g.parametersChanged();
  }

  private static double value(
      Generator g,
      Tensor image,
      int at,
      double parameter,
      Map<Level, double[]> weights,
      boolean features) {
    set(g, at, parameter);
    Map<Level, Tensor> logits = g.forward(image, true);
    double sum = 0;
    for (Map.Entry<Level, double[]> of : weights.entrySet()) {
      Tensor seen = features ? g.features(of.getKey()) : logits.get(of.getKey());
      double[] values = seen.readDoubles();
      for (int i = 0; i < values.length; i++) {
        sum += values[i] * of.getValue()[i];
      }
    }
    return sum;
  }

  private static void fill(Generator g) {
    SplitMix64 random = new SplitMix64(3);
    double[] values = new double[Math.toIntExact(g.parameters().length())];
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
        values[Math.toIntExact(s.offset() + i)] = value;
      }
    }
    g.parameters().write(values);
    g.parametersChanged();
  }

  private static double[] random(long seed, long n) {
    SplitMix64 random = new SplitMix64(seed);
    double[] values = new double[Math.toIntExact(n)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.uniform(-1, 1);
    }
    return values;
  }
}
