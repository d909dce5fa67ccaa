package org.adaptseg.engine;

import org.adaptseg.engine.cuda.CudaEngine;
import org.adaptseg.testing.ImitatedGpu;
import org.junit.jupiter.api.extension.ExtendWith;

/** Run by {@code CudaEngineTest}, in a process that has CUDA's libraries. */
@ExtendWith(ImitatedGpu.class)
class CudaParity extends EngineParity {
  @Override
  Engine engine() {
    return new CudaEngine(0);
  }
}
