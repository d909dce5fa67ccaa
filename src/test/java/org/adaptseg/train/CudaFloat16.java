package org.adaptseg.train;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.testing.ImitatedGpu;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Run by {@code CudaEngineTest}, in a process that has CUDA's libraries. */
@ExtendWith(ImitatedGpu.class)
class CudaFloat16 {
  /** An eighth of what losses in bfloat16 may be off by in StepsGoldenTest: three bits more. */
  private static final double OF_LOSS = 2.5e-3;

  /**
   * Gradients are off by 2 % to 5 % after 20 layers with statistics of 32 values, those of
   * discriminators, whose halves nearly take each other out at first, by up to 12 %. A scale that
   * is missing or there twice makes at least a half of any.
   */
  private static final double OF_VECTOR = 0.25;

  /** Every way that a gradient takes from a loss to a parameter. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "loss.adaptation=feature",
        "loss.discriminator-input=weighted-self-information",
        "loss.entropy-weight={aux: 0.1, main: 0.2}",
        "schedule.phases.0.phase=adversarial-self-training",
        "optimizer.batch-size=2",
        "model={backbone: vgg, base-width: 4, discriminator-width: 4}"
      })
  void iterationsHaveTheLossesAndUpdatesOfFloat32WithinTheirRounding(String override) {
    EnginesAgreeTest.requireAgreement(
        EnginesAgreeTest.run(override, "onednn", "float32"),
        EnginesAgreeTest.run(override, "cuda", "float16"),
        OF_LOSS,
        OF_VECTOR);
  }

  @Test
  void aScaleThatIsTooLargeIsToldByTheNameOfItsSetting() {
    RunConfig config =
        TinyRun.config(
            "cluster.engine=cuda", "cluster.precision=float16", "cluster.loss-scale=16777216");
    assertThatThrownBy(() -> TinyRun.run(Phase.ADVERSARIAL, 1, config))
        .isInstanceOf(NonFiniteException.class)
        .hasMessageContaining("the gradient of one times cluster.loss-scale (16777216), is not");
  }
}
