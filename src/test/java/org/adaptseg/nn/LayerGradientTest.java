package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.adaptseg.config.StrideOn;
import org.adaptseg.nn.kernels.nd4j.Nd4jKernels;
import org.adaptseg.nn.layers.DilatedHead;
import org.adaptseg.nn.layers.KernelLayerConf;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.nn.layers.LeakyConvolution;
import org.adaptseg.nn.layers.ParameterSpec;
import org.adaptseg.nn.layers.ResidualBlock;
import org.adaptseg.nn.layers.Stem;
import org.adaptseg.testing.GoldenTensors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
        Arguments.of("head", new DilatedHead(4, 3, List.of(1, 3, 6)), 4, true),
        Arguments.of("leaky convolution", new LeakyConvolution(3, 4, true, false), 3, true),
        Arguments.of("last convolution", new LeakyConvolution(3, 1, false, false), 3, true));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void gradientsEqualCentralDifferences(
      String name, KernelLayerConf layer, int channels, boolean inputGradient) {
    try (Nd4jKernels kernels = new Nd4jKernels(DataType.DOUBLE)) {
      ExternalGraph graph = ExternalGraph.of(configuration(layer), new LayerContext(kernels));
      fill(graph, layer);
      INDArray x = random("input", 2L * channels * HEIGHT * WIDTH);
      x = x.reshape('c', 2, channels, HEIGHT, WIDTH);
      INDArray out = graph.forward(x, true).get(0);
      INDArray epsilon = random("epsilon", out.length()).reshape('c', out.shape());
      INDArray gx = graph.backward(List.of(epsilon.dup()));
      double[] gradients = graph.flatGradients().toDoubleVector();
      requireSlopes(name, graph, x, epsilon, graph.flatParameters(), trained(layer), gradients);
      if (inputGradient) {
        double[] of = gx.dup('c').reshape(gx.length()).toDoubleVector();
        boolean[] all = new boolean[of.length];
        java.util.Arrays.fill(all, true);
        requireSlopes(name + ", input", graph, x, epsilon, x.reshape(x.length()), all, of);
      } else {
        assertThat(gx).as("gradient of an image").isNull();
      }
      graph.close();
    }
  }

  private static ComputationGraphConfiguration configuration(KernelLayerConf layer) {
    return new NeuralNetConfiguration.Builder()
        .dataType(DataType.DOUBLE)
        .trainingWorkspaceMode(WorkspaceMode.NONE)
        .inferenceWorkspaceMode(WorkspaceMode.NONE)
        .graphBuilder()
        .addInputs("in")
        .addLayer("layer", layer, "in")
        .setOutputs("layer")
        .build();
  }

  private static INDArray random(String name, long n) {
    float[] values = GoldenTensors.unit(name, 3, Math.toIntExact(n));
    return Nd4j.createFromArray(values).castTo(DataType.DOUBLE);
  }

  private static void fill(ExternalGraph graph, KernelLayerConf layer) {
    INDArray flat = graph.flatParameters();
    flat.assign(random("parameters", flat.length()));
    long at = 0;
    for (ParameterSpec p : layer.parameters()) {
      boolean positive =
          p.role() == ParameterSpec.Role.NORM_SCALE
              || p.role() == ParameterSpec.Role.RUNNING_VARIANCE;
      for (long i = at; positive && i < at + p.length(); i++) {
        flat.putScalar(i, 1 + 0.3 * flat.getDouble(i));
      }
      at += p.length();
    }
  }

  private static boolean[] trained(KernelLayerConf layer) {
    long n = layer.parameters().stream().mapToLong(ParameterSpec::length).sum();
    boolean[] trained = new boolean[Math.toIntExact(n)];
    int at = 0;
    for (ParameterSpec p : layer.parameters()) {
      java.util.Arrays.fill(trained, at, at + (int) p.length(), p.role().trained());
      at += (int) p.length();
    }
    return trained;
  }

  /** Gradients equal the slopes along their values, or are 0 where the value is not trained. */
  private static void requireSlopes(
      String name,
      ExternalGraph graph,
      INDArray x,
      INDArray epsilon,
      INDArray values,
      boolean[] trained,
      double[] gradients) {
    assertThat(gradients).as(name).hasSize(trained.length);
    double largest = java.util.Arrays.stream(gradients).map(Math::abs).max().orElseThrow();
    assertThat(largest).as(name).isGreaterThan(0.01);
    int stride = Math.max(1, gradients.length / CHECKED);
    for (int i = 0; i < gradients.length; i += stride) {
      double slope = 0;
      if (trained[i]) {
        double before = values.getDouble(i);
        values.putScalar(i, before + STEP);
        double above = sum(graph, x, epsilon);
        values.putScalar(i, before - STEP);
        double below = sum(graph, x, epsilon);
        values.putScalar(i, before);
        slope = (above - below) / (2 * STEP);
      }
      assertThat(gradients[i])
          .as("%s, value %d", name, i)
          .isCloseTo(slope, within(BOUND * largest));
    }
  }

  private static double sum(ExternalGraph graph, INDArray x, INDArray epsilon) {
    return graph.forward(x, true).get(0).mul(epsilon).sumNumber().doubleValue();
  }
}
