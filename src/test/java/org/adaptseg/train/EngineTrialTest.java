package org.adaptseg.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.InstructionSet;
import org.adaptseg.config.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineTrialTest {
  private static Arithmetic arithmetic(Arithmetic.Engine engine) {
    return new Arithmetic(engine, Precision.FLOAT32, InstructionSet.NATIVE, Arithmetic.ANY_THREADS);
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "ONEDNN", "ND4J"})
  void anEngineThatWorksSaysWhatItComputesIn(Arithmetic.Engine engine) {
    EngineTrial trial = EngineTrial.run(arithmetic(engine));

    assertThat(trial.describe())
        .startsWith("Computes in float32 with ")
        .contains("one iteration of a very small network took");
    assertThat(trial.computation().engine())
        .isEqualTo(engine == Arithmetic.Engine.AUTO ? Arithmetic.Engine.ONEDNN : engine);
  }

  @Test
  void anEngineThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> EngineTrial.run(arithmetic(Arithmetic.Engine.CUDA)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cluster.engine: cuda");
  }
}
