package org.adaptseg.report.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig.PhasePlan;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.testing.LossTerms;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.schedule.RoundPlan;
import org.junit.jupiter.api.Test;

class ProgressBarsTest {
  private static final LearnerState STATE = new LearnerState(List.of());
  private static final List<PhasePlan> PHASES =
      List.of(new PhasePlan(Phase.SOURCE_ONLY, 50_000), new PhasePlan(Phase.ADVERSARIAL, 250_000));
  private static final RoundTimings TIMINGS = new RoundTimings(1, 1, 0, 1, 1, 1);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void aTerminalOf80ColumnsShowsTheWholeOfIt() {
    run(bars(80), List.of("Passed over iteration-0000007: it has no state.json"));
    List<String> screen = screen(80);
    assertThat(screen).hasSize(7);
    assertThat(screen.get(0)).isEqualTo("Passed over iteration-0000007: it has no state.json");
    assertThat(screen.get(1)).isEqualTo("demo: iterations 0 to 300000");
    assertThat(screen.get(2))
        .matches("source-only 100% \\|█+\\| 50000/50000 \\(0:0\\d:\\d\\d / 0:00:00\\) .*/.*");
    assertThat(screen.get(3)).isEqualTo("seg 0.412/1.203 aux/main");
    assertThat(screen.get(4))
        .matches("adversarial 100% \\|█+\\| 250000/250000 \\(0:0\\d:\\d\\d / 0:00:00\\) .*/.*");
    assertThat(screen.get(5))
        .isEqualTo("seg 0.412/1.203 adv 0.693/123 dis 0.688/0.701 aux/main mIoU 75.00 at 75000");
    assertThat(screen.get(6)).isEqualTo("demo: mIoU 75.00 at 300000");
  }

  @Test
  void aNarrowTerminalIsNotOverrun() {
    run(bars(40), List.of());
    assertThat(screen(40)).hasSize(6).allMatch(line -> line.length() <= 40);
  }

  @Test
  void aFailureLeavesTheLastStateAndACleanLine() {
    ProgressBars bars = bars(80);
    bars.onStart(60_000, 300_000, List.of());
    bars.onRoundProgress(new RoundPlan(9, Phase.ADVERSARIAL, 60_000, 20, 10_000), 10.5);
    bars.onEvaluationStart(60_000, 500, STATE);
    bars.onFailure(new IllegalStateException("power cut"));
    out.println("Cannot go on");
    List<String> screen = screen(80);
    assertThat(screen).hasSize(4);
    assertThat(screen.get(1)).startsWith("adversarial   4% |").contains("| 10010/250000 (");
    assertThat(screen.get(3)).isEqualTo("Cannot go on");
  }

  @Test
  void whatOthersPrintStaysReadable() {
    TerminalLines lines = new TerminalLines(out, 80);
    lines.accept("bar\nlosses");
    out.println("a warning");
    lines.accept("bar again\nlosses again");
    lines.close();
    assertThat(screen(80)).containsExactly("a warning", "bar again", "losses again");
  }

  private ProgressBars bars(int columns) {
    return new ProgressBars(new TerminalLines(out, columns), out, "demo", PHASES, true);
  }

  private static void run(ProgressBars bars, List<String> notes) {
    bars.onStart(0, 300_000, notes);
    RoundPlan first = new RoundPlan(0, Phase.SOURCE_ONLY, 0, 50_000, 0);
    bars.onRoundProgress(first, 25_000.5);
    bars.onRound(first, losses(Phase.SOURCE_ONLY), TIMINGS);
    RoundPlan second = new RoundPlan(1, Phase.ADVERSARIAL, 50_000, 25_000, 0);
    bars.onRound(second, losses(Phase.ADVERSARIAL), TIMINGS);
    bars.onEvaluationStart(75_000, 500, STATE);
    bars.onEvaluationProgress(75_000, 250);
    bars.onEvaluation(75_000, matrix());
    RoundPlan last = new RoundPlan(2, Phase.ADVERSARIAL, 75_000, 225_000, 25_000);
    bars.onRound(last, losses(Phase.ADVERSARIAL), TIMINGS);
    bars.onEvaluationStart(300_000, 500, STATE);
    bars.onEvaluation(300_000, matrix());
    bars.onEnd(300_000);
  }

  private static List<RoundReport.Iteration> losses(Phase phase) {
    LossTerms terms =
        new LossTerms()
            .term("segmentation", 0.412, 1.203)
            .term("adversarial", 0.693, 123.4)
            .term("discriminator", 0.688, 0.701)
            .in(phase);
    return List.of(new RoundReport.Iteration(0, terms.losses()));
  }

  private static ConfusionMatrix matrix() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add(new byte[] {0, 0, 0, 1, 1, 1, 1}, new byte[] {0, 0, 0, 1, 1, 1, 0});
    assertThat(org.adaptseg.metrics.Scores.of(matrix).miou()).isEqualTo(0.75);
    return matrix;
  }

  /** What a terminal shows after all that was printed, without trailing blank lines. */
  private List<String> screen(int columns) {
    List<StringBuilder> rows = new ArrayList<>(List.of(new StringBuilder()));
    int row = 0;
    int column = 0;
    String text = bytes.toString(StandardCharsets.UTF_8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r') {
        column = 0;
      } else if (c == '\n') {
        row++;
        column = 0;
        if (row == rows.size()) {
          rows.add(new StringBuilder());
        }
      } else if (c == '\u001b') {
        int end = i + 2;
        while (Character.isDigit(text.charAt(end))) {
          end++;
        }
        int number = Integer.parseInt(text.substring(i + 2, end));
        switch (text.charAt(end)) {
          case 'A' -> row = Math.max(0, row - number);
          case 'K' -> rows.get(row).setLength(0);
          default -> throw new AssertionError("unknown escape " + text.charAt(end));
        }
        i = end;
      } else {
        StringBuilder line = rows.get(row);
        assertThat(column).as("column in row %d: %s", row, line).isLessThan(columns - 1);
        while (line.length() <= column) {
          line.append(' ');
        }
        line.setCharAt(column++, c);
      }
    }
    List<String> lines = new ArrayList<>();
    rows.forEach(line -> lines.add(line.toString().stripTrailing()));
    while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
      lines.remove(lines.size() - 1);
    }
    return lines;
  }
}
