package org.adaptseg.engine;

import org.adaptseg.engine.cuda.CudaEngine;

/** Run by {@code CudaEngineTest}, in a process that has CUDA's libraries. */
class CudaParity extends EngineParity {
  @Override
  Engine engine() {
    return new CudaEngine(0);
  }
}
