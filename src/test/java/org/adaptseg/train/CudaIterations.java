package org.adaptseg.train;

import org.adaptseg.testing.ImitatedGpu;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Run by {@code CudaEngineTest}, in a process that has CUDA's libraries. */
@ExtendWith(ImitatedGpu.class)
class CudaIterations {
  @ParameterizedTest
  @MethodSource("org.adaptseg.train.EnginesAgreeTest#configurations")
  void haveTheSameLossesAndUpdatesAsThoseOfOneDnn(String override) {
    EnginesAgreeTest.requireAgreement(override, "onednn", "cuda");
  }
}
