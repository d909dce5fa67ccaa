package org.adaptseg.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Supplier;
import org.adaptseg.config.GanLoss;
import org.adaptseg.config.Precision;
import org.adaptseg.engine.ArgMax;
import org.adaptseg.engine.Convolution;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Losses;
import org.adaptseg.engine.Promise;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.adaptseg.engine.nd4j.Nd4jEngine;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.ImitatedGpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Float16. Run by {@code CudaEngineTest}, in a process that has CUDA's libraries. */
@ExtendWith(ImitatedGpu.class)
class CudaLossScale {
  private static final int SCALE = 65_536;
  private static final int FINITE = 0x7c00;
  private static final FeatureShape MAP = new FeatureShape(1, 8, 8, 8);

  /** Losses of this weight have gradients of 8e-9 here, a quarter of what rounds to 0. */
  private static final double SMALL = 1e-6;

  /** The value of float16's bits, without the sign. */
  private static float value(int bits) {
    int exponent = bits >> 10;
    int mantissa = bits & 0x3ff;
    return exponent == 0
        ? Math.scalb((float) mantissa, -24)
        : Math.scalb((float) (mantissa + 0x400), exponent - 25);
  }

  @Test
  void everyValueOfTheTypeIsHeldAndWhatIsBetweenIsRoundedToTheNearest() {
    float[] values = new float[8 * (FINITE - 1)];
    float[] rounded = new float[values.length];
    for (int bits = 0; bits < FINITE - 1; bits++) {
      float low = value(bits);
      float high = value(bits + 1);
      float middle = (low + high) / 2;
      float even = (bits & 1) == 0 ? low : high;
      float[] from = {low, Math.nextDown(middle), middle, Math.nextUp(middle)};
      float[] to = {low, low, even, high};
      for (int i = 0; i < 4; i++) {
        values[8 * bits + i] = from[i];
        rounded[8 * bits + i] = to[i];
        values[8 * bits + 4 + i] = -from[i];
        rounded[8 * bits + 4 + i] = -to[i];
      }
    }
    try (CudaEngine engine = new CudaEngine(0, Precision.FLOAT16)) {
      Tensor map = engine.tensor(Tensor.Kind.MAP, new FeatureShape(1, 8, 1, FINITE - 1));
      map.write(values);
      assertThat(map.read()).isEqualTo(rounded);
    }
  }

  /** The gradient of a discriminator's first weights. */
  private static double[] gradient(Supplier<Engine> opened) {
    ConvolutionShape first = new ConvolutionShape(MAP, 8, 3, 1, 1, 1, false, false);
    ConvolutionShape last = new ConvolutionShape(MAP, 1, 3, 1, 1, 1, false, true);
    try (Engine engine = opened.get();
        Convolution one = engine.convolution(first);
        Convolution two = engine.convolution(last)) {
      one.weights(vector(engine, "one", 8 * 8 * 9), null);
      two.weights(vector(engine, "two", 8 * 9), null);
      Tensor x = engine.tensor(Tensor.Kind.MAP, MAP);
      x.write(GoldenTensors.unit("x", 1, (int) MAP.size()));
      Tensor between = engine.tensor(Tensor.Kind.MAP, MAP);
      Tensor logits = engine.tensor(Tensor.Kind.LOGITS, last.output());
      Tensor ofLogits = engine.tensor(Tensor.Kind.LOGITS, last.output());
      Tensor ofBetween = engine.tensor(Tensor.Kind.MAP, MAP);
      one.forward(x, between);
      two.forward(between, logits);
      engine.losses().adversarial(GanLoss.VANILLA, Losses.Side.FOOL, logits, SMALL, ofLogits).get();
      two.backwardData(ofLogits, ofBetween, false);
      Vector gradient = engine.vector(8 * 8 * 9);
      one.backwardWeights(x, ofBetween, gradient, null, false);
      return gradient.readDoubles();
    }
  }

  private static Vector vector(Engine engine, String name, int n) {
    Vector vector = engine.vector(n);
    float[] values = GoldenTensors.unit(name, 1, n);
    for (int i = 0; i < n; i++) {
      values[i] *= 0.1f;
    }
    vector.write(values);
    return vector;
  }

  @Test
  void gradientsThatAreTooSmallForTheTypeAreThereWithAScaleAndOnlyThen() {
    double[] expected = gradient(Nd4jEngine::float64);
    double[] found = gradient(() -> new CudaEngine(0, Precision.FLOAT16, SCALE));
    double largest = 0;
    double apart = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      apart = Math.max(apart, Math.abs(found[i] - expected[i]));
    }
    assertThat(largest).isBetween(1e-10, 1e-7);
    assertThat(apart / largest).isLessThan(1.0 / 256);
    assertThat(gradient(() -> new CudaEngine(0, Precision.FLOAT16))).containsOnly(0);
  }

  @Test
  void anOverflowIsToldAlsoWhereAReluMakesANumberOfIt() {
    float[] large = new float[(int) MAP.size()];
    float[] small = large.clone();
    large[5] = 65_520;
    small[5] = -65_520;
    try (CudaEngine engine = new CudaEngine(0, Precision.FLOAT16, SCALE)) {
      Tensor a = engine.tensor(Tensor.Kind.MAP, MAP);
      Tensor b = engine.tensor(Tensor.Kind.MAP, MAP);
      Promise<Boolean> finite = engine.optimizers().areFinite(engine.vector(4));
      a.write(large);
      b.write(small);
      engine.elementwise().addRelu(a, b);

      assertThatThrownBy(finite::get)
          .isInstanceOf(Promise.OverflowException.class)
          .hasMessage(
              "Cannot compute: expected finite numbers, found that a feature map in float16"
                  + " (at most 65504), or the gradient of one times cluster.loss-scale (65536),"
                  + " is not finite");
      assertThat(finite.get()).isTrue();
      assertThat(a.read()[5]).isZero();
    }
  }

  @Test
  void anOverflowIsToldAtPrediction() {
    ConvolutionShape shape = new ConvolutionShape(MAP, 2, 1, 1, 0, 1, false, true);
    float[] large = new float[(int) MAP.size()];
    large[5] = 1e5f;
    try (CudaEngine engine = new CudaEngine(0, Precision.FLOAT16);
        Convolution head = engine.convolution(shape);
        ArgMax classes = engine.argMax(shape.output(), 8, 8, true)) {
      head.weights(vector(engine, "head", 16), null);
      Tensor map = engine.tensor(Tensor.Kind.MAP, MAP);
      Tensor logits = engine.tensor(Tensor.Kind.LOGITS, shape.output());
      map.write(large);
      head.forward(map, logits);
      assertThatThrownBy(() -> classes.of(logits)).isInstanceOf(Promise.OverflowException.class);
      large[5] = 65_504;
      map.write(large);
      head.forward(map, logits);
      assertThat(classes.of(logits)).hasSize(64);
    }
  }
}
