package org.adaptseg.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.adaptseg.testing.CudaImitation;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The CUDA engine where there is no GPU: its Java and its kernels run on an imitation of CUDA,
 * NVRTC and cuDNN, which checks what it is given and ends the process at the first fault.
 */
@Tag("slow")
class CudaEngineTest {
  @TempDir Path directory;

  @Test
  void operatorsIterationsAndWholeRunsAreRightAndGiveEverythingBack() {
    Ended ended =
        CudaImitation.plain()
            .run(
                directory,
                "org.adaptseg.engine.CudaParity$Float32",
                "org.adaptseg.engine.CudaParity$Tf32",
                "org.adaptseg.engine.CudaParity$Float16",
                "org.adaptseg.engine.cuda.CudaKernelCache",
                "org.adaptseg.engine.cuda.CudaLossScale",
                "org.adaptseg.engine.cuda.CudaGenerator",
                "org.adaptseg.train.CudaIterations",
                "org.adaptseg.train.CudaFloat16",
                "org.adaptseg.train.CudaMemory",
                "org.adaptseg.train.CudaGolden",
                "org.adaptseg.cli.CudaTraining",
                "org.adaptseg.engine.cuda.CudaFaults");

    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(ended.out()).containsPattern("[1-9]\\d+ tests passed, 0 failed");
  }

  @Test
  void aLibraryThatIsMissingIsNamedWithTheVersionThatIsThere() throws IOException {
    Ended ended =
        CudaImitation.plain()
            .without(directory.resolve("machine"), "libcudnn", "libcudnn_cnn.so.8")
            .run(directory, "org.adaptseg.engine.cuda.CudaWithoutCudnn");

    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(ended.out()).contains("1 tests passed, 0 failed");
  }

  /** In bfloat16, which runs the kernels for both types; counts and pixels with all their bits. */
  @Test
  void operatorsInBfloat16AreRightAndNoKernelReadsOrWritesBeyondWhatItIsGiven() {
    Ended ended =
        CudaImitation.withAddressSanitizer()
            .run(
                directory,
                "org.adaptseg.engine.CudaParity$Bfloat16",
                "org.adaptseg.engine.CudaBits");

    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(ended.out()).containsPattern("[1-9]\\d+ tests passed, 0 failed");
  }
}
