package org.adaptseg.report;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.adaptseg.config.Level;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.adaptseg.train.Losses.LevelLosses;
import org.adaptseg.train.RoundPlan;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.TrainingListener;

/** A line now and then: iteration, rate, time left, the losses of the main level. */
public final class ConsoleProgress implements TrainingListener {
  private static final double NANOS = 1e9;
  private static final double SECONDS_BETWEEN_LINES = 5;

  private final PrintStream out;
  private final String name;
  private long firstIteration;
  private long total;
  private long started;
  private long lastLine;

  /**
   * @param name of the run, at the start of every line
   */
  public ConsoleProgress(PrintStream out, String name) {
    this.out = out;
    this.name = name;
  }

  @Override
  public void onStart(long iteration, long totalIterations, List<String> notes) {
    firstIteration = iteration;
    total = totalIterations;
    started = System.nanoTime();
    lastLine = started;
    notes.forEach(out::println);
    line("iterations %d to %d", iteration, totalIterations);
  }

  @Override
  public void onRound(RoundPlan plan, List<RoundReport.Iteration> losses, RoundTimings timings) {
    long now = System.nanoTime();
    boolean last = plan.endIteration() == total;
    if (!last && (now - lastLine) / NANOS < SECONDS_BETWEEN_LINES) {
      return;
    }
    lastLine = now;
    double rate = (plan.endIteration() - firstIteration) / ((now - started) / NANOS);
    long left = Math.round((total - plan.endIteration()) / rate);
    LevelLosses main = mean(losses);
    line(
        "%s %d/%d, %.1f it/s, %d:%02d left, segmentation %.3f, adversarial %.3f, discriminator %.3f",
        plan.phase().key(),
        plan.endIteration(),
        total,
        rate,
        left / 60,
        left % 60,
        main.segmentation(),
        main.adversarial(),
        main.discriminator());
  }

  private static LevelLosses mean(List<RoundReport.Iteration> losses) {
    double segmentation = 0;
    double adversarial = 0;
    double discriminator = 0;
    for (RoundReport.Iteration i : losses) {
      LevelLosses main = i.losses().levels().get(Level.MAIN);
      segmentation += main.segmentation() / losses.size();
      adversarial += main.adversarial() / losses.size();
      discriminator += main.discriminator() / losses.size();
    }
    return new LevelLosses(segmentation, adversarial, discriminator);
  }

  @Override
  public void onEvaluation(long iteration, ConfusionMatrix matrix) {
    line("iteration %d: mIoU %.2f", iteration, 100 * Scores.of(matrix).miou());
  }

  private void line(String format, Object... values) {
    out.println(name + ": " + String.format(Locale.ROOT, format, values));
  }
}
