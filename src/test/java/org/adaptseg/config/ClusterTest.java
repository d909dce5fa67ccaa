package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Test;

class ClusterTest {
  static final String EVERY_KEY_YAML =
      "{workers: 22, threads-per-worker: 23, precision: auto, instruction-set: avx512-bf16,"
          + " averaging-interval: 24, slices: 25, scaling: work, rate-scaling: square-root,"
          + " warmup: 0.5,"
          + " outer: {networks: both, momentum: 0.25, learning-rate: 2, nesterov: false}}";

  static final Cluster EVERY_KEY =
      new Cluster(
          22,
          23,
          Precision.AUTO,
          InstructionSet.AVX512_BF16,
          24,
          25,
          Cluster.Scaling.WORK,
          Cluster.RateScaling.SQUARE_ROOT,
          0.5,
          new Cluster.Outer(Cluster.OuterNetworks.BOTH, 0.25, 2, false));

  @Test
  void theDefaultsAreOneWorkerThatComputesInFloat32() {
    assertThat(TinyRun.config("cluster={}").cluster())
        .isEqualTo(
            new Cluster(
                1,
                2,
                Precision.FLOAT32,
                InstructionSet.NATIVE,
                20,
                8,
                Cluster.Scaling.TIME,
                Cluster.RateScaling.LINEAR,
                0.05,
                Cluster.Outer.NONE));
  }

  @Test
  void everyKeyReachesItsComponent() {
    assertThat(TinyRun.config("cluster=" + EVERY_KEY_YAML).cluster()).isEqualTo(EVERY_KEY);
  }
}
