package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.adaptseg.config.StrideOn;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.adaptseg.engine.nd4j.Nd4jEngine;
import org.adaptseg.nn.layers.BasicBlock;
import org.adaptseg.nn.layers.DilatedHead;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.nn.layers.LayerSpec;
import org.adaptseg.nn.layers.LeakyConvolution;
import org.adaptseg.nn.layers.ParameterSpec;
import org.adaptseg.nn.layers.PlainConvolution;
import org.adaptseg.nn.layers.ResidualBlock;
import org.adaptseg.nn.layers.Stem;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients of every layer against central differences of sum(output · epsilon), in double
 * precision.
 */
class LayerGradientTest {
  private static final double STEP = 1e-6;
  private static final double BOUND = 1e-6;

  /** Values of a vector that are checked, evenly spread; a stride is no size of a tensor. */
  private static final int CHECKED = 61;

  private static final int HEIGHT = 7;
  private static final int WIDTH = 6;

  static Stream<Arguments> layers() {
    return Stream.of(
        Arguments.of("stem", new Stem(3, 4), 3, false),
        Arguments.of("block with projection", new ResidualBlock(5, 2, 2, 1, true), 5, true),
        Arguments.of(
            "block with its stride on the second convolution",
            new ResidualBlock(5, 2, 2, 1, true, StrideOn.SPATIAL),
            5,
            true),
        Arguments.of("dilated block with projection", new ResidualBlock(5, 2, 1, 2, true), 5, true),
        Arguments.of("dilated block", new ResidualBlock(8, 2, 1, 2, false), 8, true),
        Arguments.of("basic block with projection", new BasicBlock(5, 4, 2, 1, true), 5, true),
        Arguments.of(
            "dilated basic block with projection", new BasicBlock(5, 4, 1, 2, true), 5, true),
        Arguments.of("dilated basic block", new BasicBlock(4, 4, 1, 2, false), 4, true),
        Arguments.of("head", new DilatedHead(4, 3, List.of(1, 3, 6)), 4, true),
        Arguments.of("leaky convolution", new LeakyConvolution(3, 4, true, false), 3, true),
        Arguments.of("last convolution", new LeakyConvolution(3, 1, false, false), 3, true),
        Arguments.of("plain convolution", new PlainConvolution(3, 4, 2, false, false), 3, true));
  }

  /** A layer alone, and the values whose slopes are looked at. */
  private static final class Alone {
    private final Vector parameters;
    private final Vector gradients;
    private final Chain chain;
    private final Tensor x;
    private final Tensor.Kind kind;
    private double[] values;
    private double[] input;
    private double[] epsilon = {};

    Alone(Engine engine, LayerSpec layer, int channels, boolean inputGradient) {
      this.parameters = engine.vector(layer.length());
      this.gradients = engine.vector(layer.length());
      this.chain =
          new Chain(
              List.of(new NetworkLayer("layer", "", layer, null, false)),
              new LayerContext(engine),
              parameters,
              gradients);
      this.kind = inputGradient ? Tensor.Kind.MAP : Tensor.Kind.IMAGE;
      this.x = engine.tensor(kind, new FeatureShape(2, channels, HEIGHT, WIDTH));
      this.input = random("input", x.shape().size());
      this.values = initial(layer);
    }

    private Tensor forward() {
      parameters.write(values);
      x.write(input);
      chain.forward(x, true);
      return chain.output("layer");
    }

    private double sum() {
      double[] out = forward().readDoubles();
      double sum = 0;
      for (int i = 0; i < out.length; i++) {
        sum += out[i] * epsilon[i];
      }
      return sum;
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void gradientsEqualCentralDifferences(
      String name, LayerSpec layer, int channels, boolean inputGradient) {
    try (Engine engine = Nd4jEngine.float64()) {
      Alone alone = new Alone(engine, layer, channels, inputGradient);
      Tensor out = alone.forward();
      alone.epsilon = random("epsilon", out.shape().size());
      Tensor epsilon = engine.tensor(out.kind(), out.shape());
      epsilon.write(alone.epsilon);
      Tensor gx = alone.chain.backward(Map.of("layer", epsilon), Map.of());
      double[] ofParameters = alone.gradients.readDoubles();
      if (inputGradient) {
        double[] of = gx.readDoubles();
        boolean[] all = new boolean[of.length];
        Arrays.fill(all, true);
        requireSlopes(name + ", input", alone, alone.input, all, of);
      } else {
        assertThat(gx).as("gradient of an image").isNull();
      }
      requireSlopes(name, alone, alone.values, trained(layer), ofParameters);
    }
  }

  private static double[] random(String name, long n) {
    return Tensors.wide(GoldenTensors.unit(name, 3, Math.toIntExact(n)));
  }

  private static double[] initial(LayerSpec layer) {
    double[] values = random("parameters", layer.length());
    int at = 0;
    for (ParameterSpec p : layer.parameters()) {
      boolean positive =
          p.role() == ParameterSpec.Role.NORM_SCALE
              || p.role() == ParameterSpec.Role.RUNNING_VARIANCE;
      for (int i = at; positive && i < at + p.length(); i++) {
        values[i] = 1 + 0.3 * values[i];
      }
      at += (int) p.length();
    }
    return values;
  }

  private static boolean[] trained(LayerSpec layer) {
    boolean[] trained = new boolean[Math.toIntExact(layer.length())];
    int at = 0;
    for (ParameterSpec p : layer.parameters()) {
      Arrays.fill(trained, at, at + (int) p.length(), p.role().trained());
      at += (int) p.length();
    }
    return trained;
  }

  /** Gradients equal the slopes along their values, or are 0 where the value is not trained. */
  private static void requireSlopes(
      String name, Alone alone, double[] values, boolean[] trained, double[] gradients) {
    assertThat(gradients).as(name).hasSize(trained.length);
    double largest = Arrays.stream(gradients).map(Math::abs).max().orElseThrow();
    assertThat(largest).as(name).isGreaterThan(0.01);
    int stride = Math.max(1, gradients.length / CHECKED);
    for (int i = 0; i < gradients.length; i += stride) {
      double slope = 0;
      if (trained[i]) {
        double before = values[i];
        values[i] = before + STEP;
        double above = alone.sum();
        values[i] = before - STEP;
        double below = alone.sum();
        values[i] = before;
        slope = (above - below) / (2 * STEP);
      }
      assertThat(gradients[i])
          .as("%s, value %d", name, i)
          .isCloseTo(slope, within(BOUND * largest));
    }
  }
}
