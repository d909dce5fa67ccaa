package org.adaptseg.engine;

import org.adaptseg.config.Precision;
import org.adaptseg.engine.cuda.CudaEngine;
import org.adaptseg.testing.ImitatedGpu;
import org.junit.jupiter.api.extension.ExtendWith;

/** Run by {@code CudaEngineTest}, in a process that has CUDA's libraries. */
final class CudaParity {
  private CudaParity() {}

  @ExtendWith(ImitatedGpu.class)
  static class Float32 extends EngineParity {
    @Override
    Engine engine() {
      return new CudaEngine(0, Precision.FLOAT32);
    }
  }

  @ExtendWith(ImitatedGpu.class)
  static class Tf32 extends EngineParity {
    @Override
    Engine engine() {
      return new CudaEngine(0, Precision.TF32);
    }

    /** Both factors of each product are off by up to 2^-12. */
    @Override
    double bound() {
      return 1.0 / 1024;
    }
  }

  @ExtendWith(ImitatedGpu.class)
  static class Bfloat16 extends EngineParity {
    @Override
    Engine engine() {
      return new CudaEngine(0, Precision.BFLOAT16);
    }

    /** Weights are off by up to 2^-9, and so is a result, each time that it is added to. */
    @Override
    double bound() {
      return 1.0 / 128;
    }

    @Override
    double held(double value) {
      int bits = Float.floatToRawIntBits((float) value);
      return Float.intBitsToFloat((bits + 0x7FFF + (bits >>> 16 & 1)) & 0xFFFF0000);
    }
  }

  @ExtendWith(ImitatedGpu.class)
  static class Float16 extends EngineParity {
    @Override
    Engine engine() {
      return new CudaEngine(0, Precision.FLOAT16);
    }

    /** Weights are off by up to 2^-12, and so is a result, each time that it is added to. */
    @Override
    double bound() {
      return 1.0 / 1024;
    }

    @Override
    double held(double value) {
      int bits = Float.floatToRawIntBits((float) value);
      return Float.intBitsToFloat((bits + 0xFFF + (bits >>> 13 & 1)) & 0xFFFFE000);
    }
  }
}
