package org.adaptseg.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.engine.BatchNorm;
import org.adaptseg.engine.Buffer;
import org.adaptseg.engine.Convolution;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Normalization;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.adaptseg.engine.nd4j.Nd4jEngine;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OneDNN against plain ND4J operations in double precision. */
class DnnlConvolutionTest {
  /** Of the largest value; Winograd's transformations lose a digit against the definition. */
  private static final double BOUND = 2e-5;

  private static ConvolutionShape shape(
      int in, int h, int w, int out, int kernel, int stride, int dilation, boolean bias) {
    int padding = stride == 2 && kernel == 4 ? 1 : dilation * (kernel - 1) / 2;
    return new ConvolutionShape(
        new FeatureShape(1, in, h, w), out, kernel, stride, padding, dilation, bias, false);
  }

  static List<ConvolutionShape> shapes() {
    return List.of(
        shape(64, 17, 23, 64, 3, 1, 1, false), // Winograd as it is
        shape(64, 17, 23, 80, 3, 1, 2, false), // Winograd on regrouped maps
        shape(80, 18, 24, 64, 3, 1, 2, false), // groups of the same size as before, another border
        shape(64, 19, 37, 64, 3, 1, 4, false),
        shape(64, 5, 9, 64, 3, 1, 4, false), // too small for Winograd's tiles
        shape(64, 21, 33, 19, 3, 1, 12, true), // a head: padding wider than a kernel can take
        shape(64, 11, 13, 128, 1, 1, 1, false),
        shape(64, 11, 13, 32, 1, 2, 1, false),
        shape(19, 32, 34, 64, 4, 2, 1, true),
        shape(20, 7, 9, 12, 3, 1, 1, false)); // channels that are no multiple of a block
  }

  private static double[] values(String name, long n) {
    return Tensors.wide(GoldenTensors.unit(name, 7, Math.toIntExact(n)));
  }

  private static Tensor map(Engine engine, String name, FeatureShape s) {
    return Tensors.of(engine, Tensor.Kind.MAP, s, values(name, s.size()));
  }

  private static Vector vector(Engine engine, String name, int n) {
    Vector vector = engine.vector(n);
    vector.write(values(name, n));
    return vector;
  }

  private static double distance(double[] found, double[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(found[i] - expected[i]));
    }
    return difference / largest;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void everyPassEqualsTheDefinition(ConvolutionShape s) {
    try (Engine fast = new OneDnnEngine();
        Engine plain = Nd4jEngine.float64()) {
      for (ConvolutionShape each : List.of(shapes().get(1), s)) { // the second shares scratch
        Map<String, double[]> found = passes(fast, each);
        passes(plain, each)
            .forEach(
                (pass, expected) ->
                    assertThat(distance(found.get(pass), expected)).as(pass).isLessThan(BOUND));
      }
    }
  }

  private static Map<String, double[]> passes(Engine engine, ConvolutionShape s) {
    Map<String, double[]> results = new LinkedHashMap<>();
    int filter = s.outChannels() * s.input().channels() * s.kernel() * s.kernel();
    Tensor x = map(engine, "x", s.input());
    Tensor gy = map(engine, "gy", s.output());
    try (Convolution convolution = engine.convolution(s)) {
      convolution.weights(
          vector(engine, "w", filter), s.bias() ? vector(engine, "b", s.outChannels()) : null);
      Tensor y = engine.tensor(Tensor.Kind.MAP, s.output());
      convolution.forward(x, y);
      results.put("y", Tensors.nchw(y));
      for (boolean accumulate : new boolean[] {false, true}) {
        Tensor gx = map(engine, "before", s.input());
        convolution.backwardData(gy, gx, accumulate);
        results.put("gradient of x, accumulate " + accumulate, Tensors.nchw(gx));

        Vector gw = vector(engine, "w", filter);
        Vector gb = s.bias() ? vector(engine, "b", s.outChannels()) : null;
        convolution.backwardWeights(x, gy, gw, gb, accumulate);
        results.put("gradient of w, accumulate " + accumulate, gw.readDoubles());
        if (gb != null) {
          results.put("gradient of b, accumulate " + accumulate, gb.readDoubles());
        }
      }
    }
    return results;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNormalisationComputedAgainIsTheSame(boolean relu) {
    FeatureShape s = new FeatureShape(1, 64, 17, 23);
    try (Engine engine = new OneDnnEngine();
        BatchNorm norm = engine.batchNorm(s, relu)) {
      Tensor x = map(engine, "x", s);
      Vector ones = engine.vector(64);
      ones.fill(1);
      norm.parameters(new Normalization(ones, vector(engine, "beta", 64), engine.vector(64), ones));
      Tensor y = Tensors.like(engine, x);
      Tensor again = Tensors.like(engine, x);

      norm.forwardBatch(x, y);
      norm.forwardAgain(x, again);

      assertThat(distance(Tensors.nchw(again), Tensors.nchw(y))).isLessThan(1e-6);
    }
  }

  @Test
  void aTensorOfABufferThatHasGrownIsRefused() {
    FeatureShape small = new FeatureShape(1, 3, 4, 5);
    try (Engine engine = new OneDnnEngine();
        Buffer buffer = engine.buffer(Tensor.Kind.MAP)) {
      Tensor first = buffer.as(small);
      first.write(new float[60]);
      assertThat(buffer.as(small)).isSameAs(first);
      assertThat(buffer.holds(first)).isTrue();

      Tensor larger = buffer.as(new FeatureShape(2, 30, 40, 50));

      assertThat(buffer.holds(first)).isFalse();
      assertThat(buffer.holds(larger)).isTrue();
      assertThatThrownBy(first::read)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has grown or was closed");
    }
  }

  @Test
  void aTensorOfAnotherEngineIsRefused() {
    FeatureShape shape = new FeatureShape(1, 3, 4, 5);
    try (Engine engine = new OneDnnEngine();
        Engine other = Nd4jEngine.float32()) {
      Tensor own = engine.tensor(Tensor.Kind.MAP, shape);
      Tensor foreign = other.tensor(Tensor.Kind.MAP, shape);
      assertThatThrownBy(() -> engine.elementwise().add(own, foreign))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected a tensor of its own");
      assertThatThrownBy(() -> other.elementwise().add(foreign, own))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected a tensor of its own");
    }
  }
}
