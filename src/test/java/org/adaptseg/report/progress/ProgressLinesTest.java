package org.adaptseg.report.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig.PhasePlan;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.testing.LossTerms;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.Losses;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.schedule.RoundPlan;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
  private static final LearnerState STATE = new LearnerState(List.of());
  private static final List<PhasePlan> PHASES =
      List.of(new PhasePlan(Phase.SOURCE_ONLY, 20), new PhasePlan(Phase.ADVERSARIAL, 80));

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final long[] seconds = {0};
  private final ProgressLines lines =
      new ProgressLines(
          new PrintStream(bytes, true, StandardCharsets.UTF_8),
          "demo",
          PHASES,
          () -> seconds[0] * 1_000_000_000L);

  @Test
  void aLineComesAtTheEndOfAPhaseAndEveryFiveSecondsBefore() {
    lines.onStart(0, 100, List.of("a note"));
    round(Phase.SOURCE_ONLY, 0, 10, 4);
    round(Phase.SOURCE_ONLY, 10, 10, 4);
    round(Phase.ADVERSARIAL, 20, 10, 4);
    // 100 seconds of evaluation change neither rate nor time left.
    lines.onEvaluationStart(30, 7, STATE);
    seconds[0] += 100;
    lines.onEvaluation(30, new ConfusionMatrix(2));
    round(Phase.ADVERSARIAL, 30, 10, 6);
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "a note",
            "demo: iterations 0 to 100",
            "demo: source-only 20/20, 2.5 it/s, 0:00 left, seg 0.500/1.500 aux/main",
            "demo: iteration 30: mIoU NaN",
            "demo: adversarial 20/80, 2.0 it/s, 0:30 left,"
                + " seg 0.500/1.500 adv 0.250/0.125 dis 0.750/0.625 aux/main");
  }

  @Test
  void aResumedRunCountsFromTheBeginningOfItsPhase() {
    lines.onStart(60, 100, List.of());
    round(Phase.ADVERSARIAL, 60, 20, 50);
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines().skip(1))
        .containsExactly(
            "demo: adversarial 60/80, 24.0 it/min, 0:50 left,"
                + " seg 0.500/1.500 adv 0.250/0.125 dis 0.750/0.625 aux/main");
  }

  @Test
  void aTermThatNobodyKnowsIsShownByLettersThatTellItFromOthers() {
    Losses losses =
        new LossTerms()
            .term("segmentation", 0.5, 1.5)
            .main("consistency", 0.25)
            .term("contrast", 1, 2)
            .losses();
    assertThat(ProgressText.losses(List.of(new RoundReport.Iteration(0, losses))))
        .isEqualTo("seg 0.500/1.500 cons -/0.250 cont 1.000/2.000 aux/main");
  }

  @Test
  void timesAreShortUntilTheyNeedHours() {
    assertThat(ProgressText.duration(5.4)).isEqualTo("0:05");
    assertThat(ProgressText.duration(3599)).isEqualTo("59:59");
    assertThat(ProgressText.duration(100_000)).isEqualTo("27:46:40");
    assertThat(ProgressText.duration(Double.POSITIVE_INFINITY)).isEqualTo("?:??");
    assertThat(ProgressText.duration(Double.NaN)).isEqualTo("?:??");
  }

  private void round(Phase phase, long first, int iterations, long time) {
    seconds[0] += time;
    Losses losses =
        new LossTerms()
            .term("segmentation", 0.5, 1.5)
            .term("adversarial", 0.25, 0.125)
            .term("discriminator", 0.75, 0.625)
            .in(phase)
            .losses();
    lines.onRound(
        new RoundPlan(0, phase, first, iterations, 0),
        List.of(new RoundReport.Iteration(first, losses)),
        new RoundTimings(1, 1, 0, 1, 1, 1));
  }
}
