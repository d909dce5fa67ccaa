package org.adaptseg.engine.cuda;

import java.io.IOException;
import java.nio.file.Path;
import org.adaptseg.config.Precision;
import org.adaptseg.nn.GeneratorGoldenTest;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.ImitatedGpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Run by {@code CudaEngineTest}, in a process that has CUDA's libraries. */
@ExtendWith(ImitatedGpu.class)
class CudaGenerator {
  @Test
  void logitsAndGradientsOfABatchEqualTheGoldenOnes() throws IOException {
    for (Path file : GoldenTensors.files("batch-*.json")) {
      GeneratorGoldenTest.checkFloat32(file, new CudaEngine(0, Precision.FLOAT32));
    }
  }
}
