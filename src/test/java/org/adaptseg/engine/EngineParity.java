package org.adaptseg.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.adaptseg.engine.nd4j.Nd4jEngine;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine against plain ND4J operations in double precision, on values that it can hold. */
abstract class EngineParity {
  /** The engine that is compared. */
  abstract Engine engine();

  /** Largest difference that is allowed, of the largest value. */
  double bound() {
    return 2e-5;
  }

  /** The nearest value that the engine's feature maps can hold. */
  double held(double value) {
    return value;
  }

  static Stream<Arguments> shapes() {
    return Stream.of(
        // 1×1, 3×3 dense and dilated, strided, with channels that fill no block of 8 or 16
        shape("1x1", 1, 24, 40, 9, 13, 1, 1, 0, 1, false),
        shape("1x1 stride 2", 2, 16, 8, 9, 12, 1, 2, 0, 1, false),
        shape("3x3", 1, 16, 16, 8, 8, 3, 1, 1, 1, false),
        shape("3x3 dilation 2", 1, 32, 32, 9, 11, 3, 1, 2, 2, false),
        shape("3x3 dilation 4, two images", 2, 10, 19, 12, 9, 3, 1, 4, 4, true),
        shape("head, dilation above the map", 1, 16, 19, 5, 9, 3, 1, 12, 12, true),
        shape("discriminator", 1, 19, 16, 32, 33, 4, 2, 1, 1, true),
        shape("one output channel", 1, 64, 1, 4, 6, 4, 2, 1, 1, true));
  }

  private static Arguments shape(
      String name, int n, int in, int out, int h, int w, int k, int s, int p, int d, boolean bias) {
    return Arguments.of(
        name, new ConvolutionShape(new FeatureShape(n, in, h, w), out, k, s, p, d, bias, false));
  }

  /** Runs on both engines and compares what each part of the result is called by. */
  private void compare(String what, Function<Engine, Map<String, double[]>> computation) {
    Map<String, double[]> found;
    Map<String, double[]> expected;
    try (Engine engine = engine()) {
      found = computation.apply(engine);
    }
    try (Engine engine = Nd4jEngine.float64()) {
      expected = computation.apply(engine);
    }
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((part, values) -> requireClose(found.get(part), values, what + ": " + part));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void convolutionsAgree(String name, ConvolutionShape shape) {
    compare(name, engine -> convolve(engine, shape));
  }

  private Map<String, double[]> convolve(Engine engine, ConvolutionShape shape) {
    int filter = shape.outChannels() * shape.input().channels() * shape.kernel() * shape.kernel();
    Vector w = vector(engine, "w", filter);
    Vector b = shape.bias() ? vector(engine, "b", shape.outChannels()) : null;
    Map<String, double[]> results = new LinkedHashMap<>();
    try (Convolution convolution = engine.convolution(shape)) {
      convolution.weights(w, b);
      Tensor y = engine.tensor(Tensor.Kind.MAP, shape.output());
      Tensor gx = engine.tensor(Tensor.Kind.MAP, shape.input());
      Vector gw = engine.vector(filter);
      Vector gb = b == null ? null : engine.vector(b.length());
      Tensor in = map(engine, "x", shape.input(), 1, 0);
      Tensor g = map(engine, "gy", shape.output(), 1, 0);
      convolution.forward(in, y);
      convolution.backwardData(g, gx, false);
      convolution.backwardData(g, gx, true);
      convolution.backwardWeights(in, g, gw, gb, false);
      convolution.backwardWeights(in, g, gw, gb, true);
      results.put("y", Tensors.nchw(y));
      results.put("gradient of x, accumulated", Tensors.nchw(gx));
      results.put("gradient of the weights, accumulated", gw.readDoubles());
      if (gb != null) {
        results.put("gradient of the bias, accumulated", gb.readDoubles());
      }
    }
    return results;
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void convolutionsAtEvaluationAgree(boolean add, boolean relu) {
    ConvolutionShape shape =
        new ConvolutionShape(new FeatureShape(2, 10, 9, 7), 21, 3, 1, 1, 1, false, false);
    compare(
        "convolution at evaluation",
        engine -> {
          try (InferenceConvolution convolution = engine.inference(shape, add, relu)) {
            convolution.weights(
                vector(engine, "w", 21 * 10 * 9), normalization(engine, shape.outChannels()));
            Tensor y = map(engine, "y", shape.output(), 1, 0);
            convolution.run(map(engine, "x", shape.input(), 1, 0), y);
            return Map.of("y", Tensors.nchw(y));
          }
        });
  }

  private static Normalization normalization(Engine engine, int channels) {
    return new Normalization(
        vector(engine, "gamma", channels, 0.3, 1),
        vector(engine, "beta", channels),
        vector(engine, "mean", channels),
        vector(engine, "var", channels, 0.5, 1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void batchNormalisationsAgree(boolean relu) {
    FeatureShape shape = new FeatureShape(2, 21, 9, 7);
    compare("batch normalisation", engine -> normalise(engine, shape, relu));
  }

  private Map<String, double[]> normalise(Engine engine, FeatureShape shape, boolean relu) {
    Normalization n = normalization(engine, shape.channels());
    Map<String, double[]> results = new LinkedHashMap<>();
    try (BatchNorm norm = engine.batchNorm(shape, relu)) {
      norm.parameters(n);
      Tensor x = map(engine, "x", shape, 3, 0);
      Tensor y = engine.tensor(Tensor.Kind.MAP, shape);
      norm.forwardRunning(x, y);
      results.put("with running statistics", Tensors.nchw(y));
      Tensor g = map(engine, "g", shape, 1, 0);
      norm.backwardRunning(g, y);
      results.put("gradient with running statistics", Tensors.nchw(y));
      norm.forwardBatch(x, y);
      results.put("with batch statistics", Tensors.nchw(y));
      norm.forwardAgain(x, y);
      results.put("again", Tensors.nchw(y));
      norm.backward(x, g, y);
      results.put("gradient", Tensors.nchw(y));
      norm.moveRunning(0.1);
      results.put("moved mean", n.mean().readDoubles());
      results.put("moved variance", n.variance().readDoubles());
      norm.replaceRunning();
      results.put("mean", n.mean().readDoubles());
      results.put("variance", n.variance().readDoubles());
    }
    return results;
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10, 11})
  void maxPoolingsAgree(int side) {
    FeatureShape in = new FeatureShape(1, 5, side, side + 3);
    for (MaxPool.Window window : MaxPool.Window.values()) {
      compare("max-pool of " + side, engine -> pool(engine, in, window));
    }
  }

  private Map<String, double[]> pool(Engine engine, FeatureShape in, MaxPool.Window window) {
    FeatureShape out = window.output(in);
    try (MaxPool pool = engine.maxPool(in, window)) {
      Tensor y = engine.tensor(Tensor.Kind.MAP, out);
      Tensor gx = engine.tensor(Tensor.Kind.MAP, in);
      // Only what follows a ReLU is pooled: no value below 0.
      pool.forward(map(engine, "x", in, 1, 1), y);
      pool.backward(map(engine, "g", out, 1, 0), gx);
      return Map.of("y", Tensors.nchw(y), "gradient", Tensors.nchw(gx));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void upsamplingsAgree(boolean alignCorners) {
    FeatureShape small = new FeatureShape(2, 5, 4, 7);
    FeatureShape large = new FeatureShape(2, 5, 13, 22);
    compare(
        "upsampling",
        engine -> {
          try (Upsampling upsampling = engine.upsampling(small, 13, 22, alignCorners)) {
            Tensor pixels = engine.tensor(Tensor.Kind.PIXELS, large);
            Tensor gradient = engine.tensor(Tensor.Kind.LOGITS, small);
            upsampling.forward(of(engine, Tensor.Kind.LOGITS, "x", small), pixels);
            upsampling.backward(of(engine, Tensor.Kind.PIXELS, "g", large), gradient);
            return Map.of("pixels", Tensors.nchw(pixels), "adjoint", Tensors.nchw(gradient));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void mostLikelyClassesAgree(boolean alignCorners) {
    FeatureShape logits = new FeatureShape(2, 19, 9, 17);
    compare(
        "most likely classes",
        engine -> {
          try (ArgMax most = engine.argMax(logits, 33, 65, alignCorners)) {
            byte[] found = most.of(of(engine, Tensor.Kind.LOGITS, "z", logits));
            double[] classes = new double[found.length];
            for (int i = 0; i < found.length; i++) {
              classes[i] = found[i];
            }
            return Map.of("classes", classes);
          }
        });
  }

  @Test
  void elementwiseOperationsAgree() {
    FeatureShape shape = new FeatureShape(2, 19, 5, 7);
    compare(
        "elementwise",
        engine -> {
          Elementwise elementwise = engine.elementwise();
          Tensor a = map(engine, "a", shape, 1, 0);
          Tensor b = map(engine, "b", shape, 1, 0);
          Tensor g = map(engine, "g", shape, 1, 0);
          Tensor pixels = engine.tensor(Tensor.Kind.PIXELS, shape);
          Map<String, double[]> results = new LinkedHashMap<>();
          elementwise.add(a, b);
          results.put("sum", Tensors.nchw(a));
          elementwise.leakyRelu(a, 0.2);
          results.put("leaky ReLU", Tensors.nchw(a));
          elementwise.leakyReluBackward(a, g, 0.2);
          results.put("its gradient", Tensors.nchw(g));
          elementwise.addRelu(a, b);
          results.put("ReLU of a sum", Tensors.nchw(a));
          elementwise.toPixels(a, pixels);
          results.put("pixels", Tensors.nchw(pixels));
          Tensor p = Tensors.like(engine, pixels);
          elementwise.softmax(pixels, p);
          results.put("softmax", Tensors.nchw(p));
          Tensor gradient = of(engine, Tensor.Kind.PIXELS, "gp", shape);
          elementwise.softmaxBackward(p, gradient, gradient);
          results.put("its gradient in the scores", Tensors.nchw(gradient));
          elementwise.fromPixels(gradient, b);
          results.put("map", Tensors.nchw(b));
          elementwise.copy(b, a);
          results.put("copy", Tensors.nchw(a));
          return results;
        });
  }

  @Test
  void selfInformationAndItsGradientAgree() {
    FeatureShape shape = new FeatureShape(1, 19, 40, 50);
    compare(
        "self-information",
        engine -> {
          Tensor scores = of(engine, Tensor.Kind.PIXELS, "s", shape);
          Tensor p = Tensors.like(engine, scores);
          engine.elementwise().softmax(scores, p);
          engine.losses().selfInformation(scores, p);
          Tensor gradient = of(engine, Tensor.Kind.PIXELS, "g", shape);
          engine.losses().selfInformationBackward(scores, p, gradient);
          double[] large = Tensors.nchw(gradient);
          for (int i = 0; i < large.length; i++) {
            large[i] *= 10; // of values that are compared the largest is at least 0.1
          }
          return Map.of("information", Tensors.nchw(scores), "gradient", large);
        });
  }

  private static double[] random(String name, long n, double scale, double shift) {
    double[] values = Tensors.wide(GoldenTensors.unit(name, 5, Math.toIntExact(n)));
    for (int i = 0; i < values.length; i++) {
      values[i] = scale * values[i] + shift;
    }
    return values;
  }

  private static Vector vector(Engine engine, String name, int n) {
    return vector(engine, name, n, 1, 0);
  }

  private static Vector vector(Engine engine, String name, int n, double scale, double shift) {
    Vector vector = engine.vector(n);
    vector.write(random(name, n, scale, shift));
    return vector;
  }

  private static Tensor of(Engine engine, Tensor.Kind kind, String name, FeatureShape shape) {
    return Tensors.of(engine, kind, shape, random(name, shape.size(), 1, 0));
  }

  private Tensor map(Engine engine, String name, FeatureShape shape, double scale, double shift) {
    double[] values = random(name, shape.size(), scale, shift);
    for (int i = 0; i < values.length; i++) {
      values[i] = held(values[i]);
    }
    return Tensors.of(engine, Tensor.Kind.MAP, shape, values);
  }

  private void requireClose(double[] found, double[] expected, String what) {
    assertThat(found).as(what).hasSameSizeAs(expected);
    double size = 0;
    double difference = 0;
    for (int i = 0; i < found.length; i++) {
      size = Math.max(size, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(found[i] - expected[i]));
    }
    assertThat(size).as(what + ": largest value").isGreaterThan(0.1);
    assertThat(difference / size)
        .as(String.format(Locale.ROOT, "%s: largest difference %g of %g", what, difference, size))
        .isLessThan(bound());
  }
}
