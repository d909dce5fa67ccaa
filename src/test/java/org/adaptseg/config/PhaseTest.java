package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhaseTest {
  @ParameterizedTest
  @CsvSource({
    "SOURCE_ONLY, true, false, false, false",
    "ADVERSARIAL, true, true, false, true",
    "ORACLE, false, false, true, false",
    "ENTROPY, true, true, false, false"
  })
  void aPhaseSaysWhichSamplesItTakesAndWhetherDiscriminatorsJudge(
      Phase phase,
      boolean sources,
      boolean targets,
      boolean labelledTargets,
      boolean discriminators) {
    assertThat(
            List.of(
                phase.sources(), phase.targets(), phase.labelledTargets(), phase.discriminators()))
        .containsExactly(sources, targets, labelledTargets, discriminators);
  }
}
