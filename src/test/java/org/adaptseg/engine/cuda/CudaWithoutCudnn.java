package org.adaptseg.engine.cuda;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.InstructionSet;
import org.adaptseg.config.Precision;
import org.adaptseg.engine.machine.Engines;
import org.junit.jupiter.api.Test;

/** Run by {@code CudaEngineTest}, in a process that has CUDA 12 but cuDNN 8. */
class CudaWithoutCudnn {
  @Test
  void theMessageNamesItTheVersionThatIsThereAndWhatIsExpected() {
    Arithmetic arithmetic =
        new Arithmetic(
            Arithmetic.Engine.CUDA, Precision.AUTO, InstructionSet.NATIVE, Arithmetic.ANY_THREADS);
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> Engines.computation(arithmetic))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("expected NVIDIA's driver, CUDA 12 with NVRTC and cuDNN 9")
          .hasMessageMatching("(?s).*libcudnn_cnn\\.so\\.9: cannot open shared object file.*")
          .hasMessageMatching("(?s).*; of other versions there are \\S+/libcudnn_cnn\\.so\\.8");
    }
  }
}
