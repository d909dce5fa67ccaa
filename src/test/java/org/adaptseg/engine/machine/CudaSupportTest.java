package org.adaptseg.engine.machine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.adaptseg.config.Arithmetic;
import org.adaptseg.engine.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaSupportTest {
  @ParameterizedTest
  @CsvSource({
    "3,7,Tesla K80", "5,2,Tesla M60", "5,3,Tegra X1", "6,0,Tesla P100", "6,1,Tesla P4",
    "7,0,Tesla V100", "7,5,Tesla T4", "8,0,NVIDIA A100", "8,6,NVIDIA A10G", "8,9,NVIDIA L4"
  })
  void aGpuWithCodeOfItsGenerationIsAccepted(int major, int minor, String name) {
    assertThatCode(() -> CudaSupport.require(0, name, major, minor)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"3,0,GRID K520", "3,5,Tesla K40", "9,0,NVIDIA H100 80GB HBM3", "10,0,NVIDIA B200"})
  void anOtherIsNamedWithItsCapabilityAndTheSupportedOnes(int major, int minor, String name) {
    assertThatThrownBy(() -> CudaSupport.require(2, name, major, minor))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("GPU 2")
        .hasMessageContaining(name)
        .hasMessageContaining("found " + major + "." + minor)
        .hasMessageContaining("3.7 to 8.9")
        .hasMessageContaining("3.7, 5.0, 5.2, 6.0, 6.1, 7.0, 7.5, 8.0, 8.6");
  }

  @Test
  void aGpuThatSparkAssignedIsNotReplacedByTheCpuInSilence() {
    Engines.bind(Device.gpu(0));
    try {
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> Engines.computation(Arithmetic.FLOAT32))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("expected NVIDIA's driver, CUDA 12 with NVRTC and cuDNN 9")
            .hasMessageContaining("libcuda.so.1: cannot open shared object file");
      }
    } finally {
      Engines.bind(Device.CPU);
    }
    assertThatCode(() -> Engines.computation(Arithmetic.FLOAT32)).doesNotThrowAnyException();
  }
}
