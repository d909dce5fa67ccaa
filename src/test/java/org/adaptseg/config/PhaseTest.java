package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhaseTest {
  @ParameterizedTest
  @CsvSource({
    "SOURCE_ONLY, true, false, false, false, false",
    "ADVERSARIAL, true, true, false, true, false",
    "ORACLE, false, false, true, false, false",
    "ENTROPY, true, true, false, false, false",
    "SELF_TRAINING, true, true, false, false, true",
    "ADVERSARIAL_SELF_TRAINING, true, true, false, true, true"
  })
  void aPhaseSaysWhichSamplesItTakesAndWhoJudgesThem(
      Phase phase,
      boolean sources,
      boolean targets,
      boolean labelledTargets,
      boolean discriminators,
      boolean teacher) {
    assertThat(
            List.of(
                phase.sources(),
                phase.targets(),
                phase.labelledTargets(),
                phase.discriminators(),
                phase.teacher()))
        .containsExactly(sources, targets, labelledTargets, discriminators, teacher);
  }
}
