package org.adaptseg.report.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import me.tongfei.progressbar.DefaultProgressBarRenderer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;
import org.adaptseg.config.RunConfig.PhasePlan;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.schedule.RoundPlan;

/**
 * A bar per phase, below it the losses of the last round and the last mIoU; during an evaluation
 * the bar is the evaluation's.
 */
final class ProgressBars implements TrainingListener {
  private static final int REFRESH_MILLIS = 1000;

  private final TerminalLines terminal;
  private final PrintStream out;
  private final String name;
  private final ProgressBarStyle style;
  private final PhaseClock clock;
  private long skipped;
  private String computation;
  private ProgressBar phase;
  private ProgressBar evaluation;
  private Pace evaluationPace;
  private volatile String losses = "";
  private volatile String score = "";

  /**
   * @param terminal where the bars are drawn
   * @param out the same terminal, for lines that stay
   * @param unicode whether the terminal shows blocks
   */
  ProgressBars(
      TerminalLines terminal,
      PrintStream out,
      String name,
      List<PhasePlan> phases,
      boolean unicode) {
    this.terminal = terminal;
    this.out = out;
    this.name = name;
    this.style = unicode ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII;
    this.clock = new PhaseClock(phases, System::nanoTime);
  }

  /** The library's line and one more. */
  private final class Renderer extends DefaultProgressBarRenderer {
    private final String unit;
    private final Supplier<String> rate;

    Renderer(String unit, Supplier<String> rate, Pace pace) {
      super(style, unit, 1, true, null, ChronoUnit.SECONDS, true, state -> left(pace));
      this.unit = unit;
      this.rate = rate;
    }

    @Override
    protected String ratio(ProgressState state) {
      return String.format(Locale.ROOT, "%d/%d%s", state.getCurrent(), state.getMax(), unit);
    }

    @Override
    protected String speed(ProgressState state) {
      return rate.get();
    }

    @Override
    public String render(ProgressState state, int width) {
      return super.render(state, width) + "\n" + (losses + " " + score).strip();
    }
  }

  @Override
  public synchronized void onStart(long iteration, long totalIterations, List<String> notes) {
    notes.forEach(out::println);
    out.println(
        String.format(Locale.ROOT, "%s: iterations %d to %d", name, iteration, totalIterations));
    clock.start(iteration);
    openPhase();
  }

  private void openPhase() {
    Pace pace = clock.pace();
    Supplier<String> rate = () -> ProgressText.rate(pace.rate());
    phase = bar(clock.name(), pace, new Renderer("", rate, pace)).build();
    stepPhase();
  }

  private ProgressBarBuilder bar(String task, Pace pace, Renderer renderer) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(pace.length())
        .setUpdateIntervalMillis(REFRESH_MILLIS)
        .continuousUpdate()
        .setConsumer(terminal)
        .setRenderer(renderer);
  }

  private static Optional<Duration> left(Pace pace) {
    double seconds = pace.secondsLeft();
    return Double.isFinite(seconds)
        ? Optional.of(Duration.ofSeconds(Math.round(seconds)))
        : Optional.empty();
  }

  @Override
  public synchronized void onRoundProgress(RoundPlan plan, double iterations) {
    clock.reach(plan.firstIteration() + iterations);
    stepPhase();
  }

  @Override
  public synchronized void onComputation(String found) {
    computation = found;
  }

  @Override
  public synchronized void onSkipped(RoundPlan plan, List<RoundReport.Skipped> left) {
    skipped += left.size();
  }

  @Override
  public synchronized void onEnd(long iteration) {
    if (computation != null) {
      out.println(String.format(Locale.ROOT, "%s: workers computed in %s", name, computation));
    }
    if (skipped > 0) {
      out.println(
          String.format(Locale.ROOT, "%s: iterations that workers left out: %d", name, skipped));
    }
  }

  @Override
  public synchronized void onRound(
      RoundPlan plan, List<RoundReport.Iteration> of, RoundTimings timings) {
    String text = ProgressText.losses(of) + ProgressText.divergence(timings.divergence());
    losses = skipped > 0 ? String.format(Locale.ROOT, "%s, left out %d", text, skipped) : text;
    clock.reach(plan.endIteration());
    stepPhase();
    if (clock.pace().isOver()) {
      closePhase();
      if (!clock.isLastPhase()) {
        clock.next();
        openPhase();
      }
    }
  }

  private void stepPhase() {
    if (phase != null) {
      phase.stepTo((long) clock.pace().done());
    }
  }

  private void closePhase() {
    if (phase != null) {
      phase.close();
      terminal.close();
      phase = null;
    }
  }

  @Override
  public synchronized void onEvaluationStart(long iteration, int images, LearnerState state) {
    clock.pace().pause();
    if (phase != null) {
      phase.pause();
    }
    evaluationPace = new Pace(images, 0, System::nanoTime);
    Renderer renderer = new Renderer(" images", () -> "", evaluationPace);
    evaluation = bar("evaluation", evaluationPace, renderer).clearDisplayOnFinish().build();
  }

  @Override
  public synchronized void onEvaluationProgress(long iteration, long images) {
    if (evaluation != null) {
      evaluationPace.reach(images);
      evaluation.stepTo(images);
    }
  }

  @Override
  public synchronized void onEvaluation(long iteration, ConfusionMatrix matrix) {
    closeEvaluation();
    score =
        String.format(Locale.ROOT, "mIoU %.2f at %d", 100 * Scores.of(matrix).miou(), iteration);
    if (phase == null) {
      out.println("%s: %s".formatted(name, score));
    } else {
      phase.resume();
      clock.pace().resume();
    }
  }

  private void closeEvaluation() {
    if (evaluation != null) {
      evaluation.close();
      terminal.clear();
      evaluation = null;
    }
  }

  @Override
  public synchronized void onFailure(Throwable failure) {
    closeEvaluation();
    closePhase();
  }
}
