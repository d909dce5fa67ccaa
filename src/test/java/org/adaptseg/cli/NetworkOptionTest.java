package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.Test;

class NetworkOptionTest {
  private static final String CONFIG = "--config=conf/gta5-to-cityscapes-multi.yaml";

  @Test
  void aCheckpointAndWeightsAreRefusedTogether() {
    Ended run =
        ProgramRun.of(List.of("evaluate", CONFIG, "--weights=a.pth", "--checkpoint=runs/a/1"));

    assertThat(run.code()).isEqualTo(Main.BAD_USAGE);
    assertThat(run.err())
        .startsWith("Cannot use evaluate: expected --checkpoint or --weights, found both");
  }

  @Test
  void helpListsEachOptionOnce() {
    for (String command : List.of("evaluate", "predict")) {
      Ended run = ProgramRun.of(List.of(command, "--help"));

      assertThat(run.out()).containsOnlyOnce("  --weights=FILE ");
      assertThat(run.out()).containsOnlyOnce("  --checkpoint=DIR ");
    }
  }
}
