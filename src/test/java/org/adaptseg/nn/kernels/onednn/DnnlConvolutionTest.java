package org.adaptseg.nn.kernels.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.adaptseg.nn.kernels.BatchNorm;
import org.adaptseg.nn.kernels.Convolution;
import org.adaptseg.nn.kernels.ConvolutionShape;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.kernels.nd4j.Nd4jKernels;
import org.adaptseg.testing.GoldenTensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The oneDNN kernels against plain ND4J operations in double precision. */
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

  private static INDArray values(String name, long... dims) {
    int n = 1;
    for (long d : dims) {
      n *= (int) d;
    }
    return Nd4j.createFromArray(GoldenTensors.unit(name, 7, n)).reshape('c', dims);
  }

  /** One computation by both kernels; the results in double precision, NCHW. */
  private final class Pair implements AutoCloseable {
    final Kernels fast = new OneDnnKernels();
    final Kernels plain = new Nd4jKernels(DataType.DOUBLE);

    INDArray blocked(INDArray nchw, FeatureShape s) {
      INDArray a = Nd4j.create(DataType.FLOAT, fast.activationShape(s));
      fast.elementwise().fromNchw(nchw, a, s);
      return a;
    }

    INDArray unblocked(INDArray a, FeatureShape s) {
      INDArray nchw = Nd4j.create(DataType.FLOAT, s.images(), s.channels(), s.height(), s.width());
      fast.elementwise().toNchw(a, nchw, s);
      return nchw.castTo(DataType.DOUBLE);
    }

    @Override
    public void close() {
      fast.close();
      plain.close();
    }
  }

  private static double distance(INDArray found, INDArray expected) {
    double largest = expected.amaxNumber().doubleValue();
    return found.sub(expected).amaxNumber().doubleValue() / largest;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void everyPassEqualsTheDefinition(ConvolutionShape s) {
    try (Pair pair = new Pair()) {
      for (ConvolutionShape each : List.of(shapes().get(1), s)) { // the second shares scratch
        compare(pair, each);
      }
    }
  }

  private static void compare(Pair pair, ConvolutionShape s) {
    FeatureShape in = s.input();
    FeatureShape out = s.output();
    INDArray x = values("x", 1, in.channels(), in.height(), in.width());
    INDArray gy = values("gy", 1, out.channels(), out.height(), out.width());
    INDArray before = values("before", 1, in.channels(), in.height(), in.width());
    INDArray w = values("w", s.outChannels(), in.channels(), s.kernel(), s.kernel());
    INDArray b = s.bias() ? values("b", s.outChannels()) : null;
    try (Convolution fast = pair.fast.convolution(s);
        Convolution plain = pair.plain.convolution(s)) {
      fast.weights(w, b);
      plain.weights(w.castTo(DataType.DOUBLE), b == null ? null : b.castTo(DataType.DOUBLE));
      INDArray xd = x.castTo(DataType.DOUBLE);
      INDArray gyd = gy.castTo(DataType.DOUBLE);

      INDArray y = pair.blocked(gy, out);
      INDArray yd = gyd.dup();
      fast.forward(pair.blocked(x, in), y);
      plain.forward(xd, yd);
      assertThat(distance(pair.unblocked(y, out), yd)).as("y").isLessThan(BOUND);

      for (boolean accumulate : new boolean[] {false, true}) {
        INDArray gx = pair.blocked(before, in);
        INDArray gxd = before.castTo(DataType.DOUBLE);
        fast.backwardData(pair.blocked(gy, out), gx, accumulate);
        plain.backwardData(gyd, gxd, accumulate);
        assertThat(distance(pair.unblocked(gx, in), gxd))
            .as("gradient of x, accumulate %s", accumulate)
            .isLessThan(BOUND);

        INDArray gw = w.dup();
        INDArray gb = b == null ? null : b.dup();
        INDArray gwd = w.castTo(DataType.DOUBLE);
        INDArray gbd = b == null ? null : b.castTo(DataType.DOUBLE);
        fast.backwardWeights(pair.blocked(x, in), pair.blocked(gy, out), gw, gb, accumulate);
        plain.backwardWeights(xd, gyd, gwd, gbd, accumulate);
        assertThat(distance(gw.castTo(DataType.DOUBLE), gwd)).as("gradient of w").isLessThan(BOUND);
        if (b != null) {
          assertThat(distance(gb.castTo(DataType.DOUBLE), gbd))
              .as("gradient of b")
              .isLessThan(BOUND);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("norms")
  void aNormalisationComputedAgainIsTheSame(FeatureShape s, boolean relu) {
    try (Pair pair = new Pair();
        BatchNorm norm = pair.fast.batchNorm(s, relu)) {
      INDArray x = pair.blocked(values("x", 1, s.channels(), s.height(), s.width()), s);
      norm.affine(values("gamma", s.channels()).addi(2), values("beta", s.channels()));
      INDArray y = x.ulike();
      INDArray again = x.ulike();
      INDArray statistics = Nd4j.create(DataType.FLOAT, 2, s.channels());

      norm.forwardBatch(x, y, statistics.getRow(0), statistics.getRow(1));
      norm.forwardAgain(x, again);

      assertThat(distance(again, y)).isLessThan(1e-6);
    }
  }

  static List<org.junit.jupiter.params.provider.Arguments> norms() {
    FeatureShape s = new FeatureShape(1, 64, 17, 23);
    return List.of(
        org.junit.jupiter.params.provider.Arguments.of(s, true),
        org.junit.jupiter.params.provider.Arguments.of(s, false));
  }
}
