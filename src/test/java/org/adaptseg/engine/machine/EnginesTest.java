package org.adaptseg.engine.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.InstructionSet;
import org.adaptseg.config.Precision;
import org.adaptseg.engine.Computation;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.nd4j.Nd4jEngine;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.junit.jupiter.api.Test;

class EnginesTest {
  private static Arithmetic arithmetic(Arithmetic.Engine engine, Precision precision) {
    return new Arithmetic(engine, precision, InstructionSet.NATIVE, Arithmetic.ANY_THREADS);
  }

  @Test
  void withoutAGpuOneDnnIsTaken() {
    try (Engine engine = Engines.engine(Arithmetic.FLOAT32)) {
      assertThat(engine).isInstanceOf(OneDnnEngine.class);
    }
    Computation auto = Engines.computation(Arithmetic.FLOAT32);
    assertThat(auto.engine()).isEqualTo(Arithmetic.Engine.ONEDNN);
    assertThat(auto)
        .isEqualTo(Engines.computation(arithmetic(Arithmetic.Engine.ONEDNN, Precision.FLOAT32)));
  }

  @Test
  void nd4jIsTakenWhereItIsNamedAndHasNoBfloat16() {
    Computation auto = Engines.computation(arithmetic(Arithmetic.Engine.ND4J, Precision.AUTO));
    assertThat(auto).hasToString("float32 with nd4j");
    try (Engine engine = Engines.engine(auto)) {
      assertThat(engine).isInstanceOf(Nd4jEngine.class);
    }
    Arithmetic halves = arithmetic(Arithmetic.Engine.ND4J, Precision.BFLOAT16);
    assertThatThrownBy(() -> Engines.computation(halves))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cluster.precision: bfloat16")
        .hasMessageContaining("found ND4J's operations");
  }

  @Test
  void onProcessorsFloat16IsRefusedWithWhatHasIt() {
    Arithmetic halves = arithmetic(Arithmetic.Engine.ONEDNN, Precision.FLOAT16);
    assertThatThrownBy(() -> Engines.computation(halves))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Cannot compute with cluster.precision: float16: expected a GPU of compute capability"
                + " 7.5 or above with cluster.engine: cuda, found ");
  }

  @Test
  void withoutNvidiasLibrariesTheOneThatIsMissingIsNamed() {
    Arithmetic cuda = arithmetic(Arithmetic.Engine.CUDA, Precision.FLOAT32);
    assertThatThrownBy(() -> Engines.computation(cuda))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Cannot compute with cluster.engine: cuda: expected");
  }
}
