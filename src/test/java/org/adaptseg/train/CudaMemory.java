package org.adaptseg.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.adaptseg.config.RunConfig;
import org.adaptseg.testing.ImitatedGpu;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Run by {@code CudaEngineTest}, in a process that has CUDA's libraries. */
@ExtendWith(ImitatedGpu.class)
class CudaMemory {
  /** Of CUDA and cuDNN, which the imitation has not. */
  private static final long LIBRARIES = 1536L << 20;

  /** Within 7 % when this was written. */
  @ParameterizedTest
  @CsvSource({"float32, 1", "bfloat16, 1", "float16, 1", "float32, 2", "bfloat16, 2"})
  void whatIsEstimatedIsWhatAnIterationTakes(String precision, int batch) {
    String[] overrides = {
      "cluster.engine=cuda", "cluster.precision=" + precision, "optimizer.batch-size=" + batch
    };
    RunConfig config = TinyRun.config(overrides);
    long estimated = MemoryEstimate.of(config, TinyRun.CLASSES).gpuBytes() - LIBRARIES;
    ImitatedGpu.most();
    TinyRun.run(config.schedule().phases().get(0).phase(), 1, config);

    assertThat((double) ImitatedGpu.most() / estimated).isBetween(0.75, 1.25);
  }
}
