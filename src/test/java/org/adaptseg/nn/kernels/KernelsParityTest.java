package org.adaptseg.nn.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.stream.Stream;
import org.adaptseg.nn.kernels.nd4j.Nd4jKernels;
import org.adaptseg.nn.kernels.onednn.OneDnnKernels;
import org.adaptseg.testing.GoldenTensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The oneDNN kernels against plain ND4J operations in double precision. */
class KernelsParityTest {
  private static final double BOUND = 2e-5;

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

  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void convolutionsAgree(String name, ConvolutionShape shape) {
    INDArray w =
        random("w", shape.outChannels(), shape.input().channels(), shape.kernel(), shape.kernel());
    INDArray b = shape.bias() ? random("b", shape.outChannels()) : null;
    INDArray x = random("x", dims(shape.input()));
    INDArray gy = random("gy", dims(shape.output()));
    Results fast;
    Results oracle;
    try (OneDnnKernels kernels = new OneDnnKernels()) {
      fast = convolve(kernels, shape, w, b, x, gy);
    }
    try (Nd4jKernels kernels = new Nd4jKernels(DataType.DOUBLE)) {
      oracle = convolve(kernels, shape, w, b, x, gy);
    }
    requireClose(fast.y(), oracle.y(), name + ": y");
    requireClose(fast.gx(), oracle.gx(), name + ": gradient of x, accumulated");
    requireClose(fast.gw(), oracle.gw(), name + ": gradient of the weights, accumulated");
    if (shape.bias()) {
      requireClose(fast.gb(), oracle.gb(), name + ": gradient of the bias, accumulated");
    }
  }

  private record Results(INDArray y, INDArray gx, INDArray gw, INDArray gb) {}

  private static Results convolve(
      Kernels kernels, ConvolutionShape shape, INDArray w, INDArray b, INDArray x, INDArray gy) {
    DataType type = kernels.dataType();
    try (Convolution convolution = kernels.convolution(shape)) {
      convolution.weights(w.castTo(type), b == null ? null : b.castTo(type));
      INDArray y = empty(kernels, shape.output());
      INDArray gx = empty(kernels, shape.input());
      INDArray gw = Nd4j.create(type, w.shape());
      INDArray gb = b == null ? null : Nd4j.create(type, b.shape());
      INDArray in = activation(kernels, x, shape.input());
      INDArray g = activation(kernels, gy, shape.output());
      convolution.forward(in, y);
      convolution.backwardData(g, gx, false);
      convolution.backwardData(g, gx, true);
      convolution.backwardWeights(in, g, gw, gb, false);
      convolution.backwardWeights(in, g, gw, gb, true);
      return new Results(
          plain(kernels, y, shape.output()), plain(kernels, gx, shape.input()), gw, gb);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void batchNormalisationsAgree(boolean relu) {
    FeatureShape shape = new FeatureShape(2, 21, 9, 7);
    try (OneDnnKernels fast = new OneDnnKernels();
        Nd4jKernels oracle = new Nd4jKernels(DataType.DOUBLE)) {
      requireClose(normalise(fast, shape, relu), normalise(oracle, shape, relu), "batch norm");
    }
  }

  /** Outputs of both modes, statistics and gradient in one row. */
  private static INDArray normalise(Kernels kernels, FeatureShape shape, boolean relu) {
    DataType type = kernels.dataType();
    int c = shape.channels();
    try (BatchNorm norm = kernels.batchNorm(shape, relu)) {
      norm.affine(
          random("gamma", c).muli(0.3).addi(1).castTo(type), random("beta", c).castTo(type));
      INDArray x = activation(kernels, random("x", dims(shape)).muli(3), shape);
      INDArray running = empty(kernels, shape);
      norm.forwardRunning(
          x,
          running,
          random("mean", c).castTo(type),
          random("var", c).muli(0.5).addi(1).castTo(type));
      INDArray runningPlain = plain(kernels, running, shape).dup();
      INDArray y = empty(kernels, shape);
      INDArray mean = Nd4j.create(type, c);
      INDArray variance = Nd4j.create(type, c);
      norm.forwardBatch(x, y, mean, variance);
      INDArray gx = empty(kernels, shape);
      norm.backward(x, activation(kernels, random("g", dims(shape)), shape), gx);
      return Nd4j.concat(
          0,
          flat(runningPlain),
          flat(plain(kernels, y, shape)),
          flat(mean),
          flat(variance),
          flat(plain(kernels, gx, shape)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10, 11})
  void maxPoolingsAgree(int side) {
    FeatureShape in = new FeatureShape(1, 5, side, side + 3);
    FeatureShape out = MaxPool.output(in);
    try (OneDnnKernels fast = new OneDnnKernels();
        Nd4jKernels oracle = new Nd4jKernels(DataType.DOUBLE)) {
      for (int i = 0; i < 2; i++) {
        requireClose(pool(fast, in, out)[i], pool(oracle, in, out)[i], "max-pool of " + side);
      }
    }
  }

  private static INDArray[] pool(Kernels kernels, FeatureShape in, FeatureShape out) {
    try (MaxPool pool = kernels.maxPool(in)) {
      INDArray y = empty(kernels, out);
      INDArray gx = empty(kernels, in);
      // Only what follows a ReLU is pooled: no value below 0.
      pool.forward(activation(kernels, random("x", dims(in)).addi(1), in), y);
      pool.backward(activation(kernels, random("g", dims(out)), out), gx);
      return new INDArray[] {plain(kernels, y, out), plain(kernels, gx, in)};
    }
  }

  private static long[] dims(FeatureShape s) {
    return new long[] {s.images(), s.channels(), s.height(), s.width()};
  }

  private static INDArray random(String name, long... shape) {
    int n = 1;
    for (long d : shape) {
      n *= (int) d;
    }
    return Nd4j.createFromArray(GoldenTensors.unit(name, 5, n)).reshape('c', shape);
  }

  private static INDArray empty(Kernels kernels, FeatureShape shape) {
    return Nd4j.create(kernels.dataType(), kernels.activationShape(shape));
  }

  private static INDArray activation(Kernels kernels, INDArray nchw, FeatureShape shape) {
    INDArray a = empty(kernels, shape);
    kernels.elementwise().fromNchw(nchw.castTo(kernels.dataType()), a, shape);
    return a;
  }

  private static INDArray plain(Kernels kernels, INDArray activation, FeatureShape shape) {
    INDArray a = Nd4j.create(kernels.dataType(), dims(shape));
    kernels.elementwise().toNchw(activation, a, shape);
    return a;
  }

  private static INDArray flat(INDArray a) {
    return a.dup('c').reshape(a.length());
  }

  private static void requireClose(INDArray found, INDArray expected, String what) {
    double[] a = flat(found.castTo(DataType.DOUBLE)).toDoubleVector();
    double[] b = flat(expected).toDoubleVector();
    assertThat(a).as(what).hasSameSizeAs(b);
    double size = 0;
    double difference = 0;
    for (int i = 0; i < a.length; i++) {
      size = Math.max(size, Math.abs(b[i]));
      difference = Math.max(difference, Math.abs(a[i] - b[i]));
    }
    assertThat(size).as(what + ": largest value").isGreaterThan(0.1);
    assertThat(difference / size)
        .as(String.format(Locale.ROOT, "%s: largest difference %g of %g", what, difference, size))
        .isLessThan(BOUND);
  }
}
