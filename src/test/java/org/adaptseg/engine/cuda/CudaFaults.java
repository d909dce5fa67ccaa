package org.adaptseg.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.InstructionSet;
import org.adaptseg.config.Precision;
import org.adaptseg.engine.Computation;
import org.adaptseg.engine.Convolution;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.Device;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Optimizers;
import org.adaptseg.engine.Promise;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.adaptseg.engine.machine.Engines;
import org.adaptseg.testing.ImitatedGpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Run by {@code CudaEngineTest}, in a process that has CUDA's libraries. */
@ExtendWith(ImitatedGpu.class)
class CudaFaults {
  private static Arithmetic arithmetic(Arithmetic.Engine engine, Precision precision) {
    return new Arithmetic(engine, precision, InstructionSet.NATIVE, Arithmetic.ANY_THREADS);
  }

  @Test
  void anUpdateWithoutAFiniteGradientIsNamedByTheNextPromiseThatIsRead() {
    try (CudaEngine engine = new CudaEngine(0, Precision.FLOAT32)) {
      Vector parameters = engine.vector(4);
      Vector gradients = engine.vector(4);
      gradients.write(new float[] {1, 1, Float.NaN, 1});
      List<Optimizers.Stretch> stretches =
          List.of(
              new Optimizers.Stretch("first", 0, 2, 1f, 1),
              new Optimizers.Stretch("second", 2, 4, 1f, 1));
      engine.optimizers().momentumSgd(stretches, 0.9, 0, parameters, gradients, engine.vector(4));
      Promise<Boolean> finite = engine.optimizers().areFinite(parameters);

      assertThatThrownBy(finite::get)
          .isInstanceOf(ArithmeticException.class)
          .hasMessage("Cannot update second: expected finite gradients, found NaN or infinity");
      assertThat(finite.get()).isTrue();
      assertThat(parameters.read()).containsExactly(-1, -1, 0, -1);
    }
  }

  @ParameterizedTest
  @EnumSource(ImitatedGpu.Fault.class)
  void useAfterTheEndAndASecondEndEndTheProcess(ImitatedGpu.Fault fault) {
    assertThat(ImitatedGpu.endsProcess(fault)).isTrue();
  }

  @Test
  void anEngineGivesBackWhatItsOperatorsDidNot() {
    FeatureShape shape = new FeatureShape(1, 8, 6, 6);
    long before;
    try (CudaEngine engine = new CudaEngine(0, Precision.FLOAT32)) {
      before = ImitatedGpu.leftOver();
      Convolution open =
          engine.convolution(new ConvolutionShape(shape, 8, 3, 1, 1, 1, false, false));
      open.weights(engine.vector(8 * 8 * 9), null);
      open.forward(engine.tensor(Tensor.Kind.MAP, shape), engine.tensor(Tensor.Kind.MAP, shape));
      engine.maxPool(shape);
      assertThat(ImitatedGpu.leftOver()).isGreaterThan(before + 10);
    }
    assertThat(before).isPositive();
    assertThat(ImitatedGpu.leftOver()).isZero();
  }

  @Test
  void whatThereIsNoRoomForIsNamedWithWhatIsFreeAndTheSettingsThatNeedLess() {
    FeatureShape shape = new FeatureShape(1, 64, 90, 160);
    try (CudaEngine engine = new CudaEngine(0, Precision.FLOAT32)) {
      ImitatedGpu.room(3 << 20);
      assertThatThrownBy(() -> engine.tensor(Tensor.Kind.MAP, shape))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("expected 3.5 MB of its memory for MAP " + shape)
          .hasMessageContaining("found 2 of 3 MB free")
          .hasMessageContaining("optimizer.batch-size")
          .hasMessageContaining("data.source")
          .hasMessageContaining("cluster.precision: bfloat16 or float16");
      ImitatedGpu.room(ImitatedGpu.MUCH);
      assertThat(engine.tensor(Tensor.Kind.MAP, shape).read()[0]).isZero();
    } finally {
      ImitatedGpu.room(ImitatedGpu.MUCH);
    }
  }

  @Test
  void aDeviceThatIsNotThereAndAPrecisionThatAnEngineHasNotAreRefused() {
    assertThatThrownBy(() -> new CudaEngine(1, Precision.FLOAT32))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Cannot use device 1 on the GPU");
    Engines.bind(Device.gpu(3));
    try {
      assertThatThrownBy(
              () -> Engines.computation(arithmetic(Arithmetic.Engine.AUTO, Precision.AUTO)))
          .hasMessageContaining("Cannot compute on GPU 3: expected an index below the number of");
    } finally {
      Engines.bind(Device.CPU);
    }
    assertThatThrownBy(
            () -> Engines.computation(arithmetic(Arithmetic.Engine.ND4J, Precision.TF32)))
        .hasMessageContaining("Cannot compute with cluster.precision: tf32: expected a GPU of");
  }

  @Test
  void aGpuThatWasAssignedIsTakenByItself() {
    Engines.bind(Device.gpu(0));
    try {
      Computation found = Engines.computation(arithmetic(Arithmetic.Engine.AUTO, Precision.AUTO));
      assertThat(found).hasToString("bfloat16 with imitation (9.0), cuDNN 9.10.0");
    } finally {
      Engines.bind(Device.CPU);
    }
    assertThat(Engines.computation(arithmetic(Arithmetic.Engine.AUTO, Precision.AUTO)).engine())
        .isEqualTo(Arithmetic.Engine.ONEDNN);
  }

  @Test
  void belowTheCapabilityForBfloat16TheTypeOfTensorCoresIsFloat16() {
    Engines.bind(Device.gpu(0));
    try {
      ImitatedGpu.capability(75);
      Computation found = Engines.computation(arithmetic(Arithmetic.Engine.AUTO, Precision.AUTO));
      assertThat(found).hasToString("float16 with imitation (7.5), cuDNN 9.10.0");
      assertThat(found.lossScale()).isEqualTo(Arithmetic.LOSS_SCALE);
      for (Precision precision : List.of(Precision.BFLOAT16, Precision.TF32)) {
        assertThatThrownBy(() -> Engines.computation(arithmetic(Arithmetic.Engine.AUTO, precision)))
            .hasMessageContaining("a GPU of compute capability 8.0 or above")
            .hasMessageContaining("found imitation (7.5), cuDNN 9.10.0");
      }
      ImitatedGpu.capability(70);
      found = Engines.computation(arithmetic(Arithmetic.Engine.AUTO, Precision.AUTO));
      assertThat(found).hasToString("float32 with imitation (7.0), cuDNN 9.10.0");
      assertThat(found.lossScale()).isEqualTo(1);
      assertThatThrownBy(
              () -> Engines.computation(arithmetic(Arithmetic.Engine.AUTO, Precision.FLOAT16)))
          .hasMessageContaining("a GPU of compute capability 7.5 or above");
    } finally {
      ImitatedGpu.capability(ImitatedGpu.CAPABILITY);
      Engines.bind(Device.CPU);
    }
  }

  @Test
  void whatIsClosedIsNotUsedAgainAndImagesComeBackAsTheyWere() {
    try (CudaEngine engine = new CudaEngine(0, Precision.FLOAT32)) {
      Tensor image = engine.tensor(Tensor.Kind.IMAGE, new FeatureShape(2, 3, 4, 5));
      float[] values = new float[120];
      for (int i = 0; i < values.length; i++) {
        values[i] = i;
      }
      image.write(values);
      assertThat(image.read()).containsExactly(values);
      float[] second = new float[60];
      image.writeImage(1, second);
      assertThat(image.read()).startsWith(0, 1, 2).endsWith(0, 0, 0);
      image.close();
      assertThatThrownBy(image::read)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("found that its buffer has grown or was closed");
    }
  }
}
