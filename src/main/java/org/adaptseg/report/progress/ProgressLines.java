package org.adaptseg.report.progress;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.adaptseg.config.RunConfig.PhasePlan;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.schedule.RoundPlan;

/** A line now and then, for files and pipes. */
final class ProgressLines implements TrainingListener {
  private static final double NANOS = 1e9;
  private static final double SECONDS_BETWEEN_LINES = 5;

  private final PrintStream out;
  private final String name;
  private final LongSupplier nanos;
  private final PhaseClock clock;
  private long lastLine;
  private long skipped;

  ProgressLines(PrintStream out, String name, List<PhasePlan> phases, LongSupplier nanos) {
    this.out = out;
    this.name = name;
    this.nanos = nanos;
    this.clock = new PhaseClock(phases, nanos);
  }

  @Override
  public void onStart(long iteration, long totalIterations, List<String> notes) {
    notes.forEach(out::println);
    line("iterations %d to %d", iteration, totalIterations);
    clock.start(iteration);
    lastLine = nanos.getAsLong();
  }

  @Override
  public void onComputation(String computation) {
    line("workers compute in %s", computation);
  }

  @Override
  public void onSkipped(RoundPlan plan, List<RoundReport.Skipped> left) {
    skipped += left.size();
    left.forEach(one -> line("left out: %s", one));
  }

  @Override
  public void onEnd(long iteration) {
    if (skipped > 0) {
      line("iterations that workers left out: %d", skipped);
    }
  }

  @Override
  public void onRound(RoundPlan plan, List<RoundReport.Iteration> losses, RoundTimings timings) {
    clock.reach(plan.endIteration());
    long now = nanos.getAsLong();
    if (clock.pace().isOver() || (now - lastLine) / NANOS >= SECONDS_BETWEEN_LINES) {
      lastLine = now;
      line(
          "%s %d/%d, %s, %s left, %s",
          plan.phase().key(),
          Math.round(clock.pace().done()),
          clock.pace().length(),
          ProgressText.rate(clock.pace().rate()),
          ProgressText.duration(clock.pace().secondsLeft()),
          ProgressText.losses(losses) + ProgressText.divergence(timings.divergence()));
    }
    if (clock.pace().isOver() && !clock.isLastPhase()) {
      clock.next();
    }
  }

  @Override
  public void onEvaluationStart(long iteration, int images, LearnerState state) {
    clock.pace().pause();
  }

  @Override
  public void onEvaluation(long iteration, ConfusionMatrix matrix) {
    clock.pace().resume();
    line("iteration %d: mIoU %.2f", iteration, 100 * Scores.of(matrix).miou());
  }

  private void line(String format, Object... values) {
    out.println(name + ": " + String.format(Locale.ROOT, format, values));
  }
}
