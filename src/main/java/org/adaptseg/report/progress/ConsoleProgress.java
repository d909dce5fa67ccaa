package org.adaptseg.report.progress;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongConsumer;
import org.adaptseg.config.RunConfig.PhasePlan;
import org.adaptseg.train.TrainingListener;

/**
 * Progress for a person: iteration, rate, time left, losses of every level and the last mIoU; a bar
 * per phase on a terminal, else a line now and then.
 */
public final class ConsoleProgress {
  private ConsoleProgress() {}

  /**
   * The right one for where {@code out} leads.
   *
   * @param out standard output, or something that is not a terminal
   * @param name of the run
   * @param phases schedule of the run
   */
  public static TrainingListener to(PrintStream out, String name, List<PhasePlan> phases) {
    // There is a console only if standard input and output both are one.
    if (out.equals(System.out) && System.console() != null) {
      boolean unicode = Charset.defaultCharset().equals(StandardCharsets.UTF_8);
      return new ProgressBars(
          new TerminalLines(out, TerminalLines.columns()), out, name, phases, unicode);
    }
    return new ProgressLines(out, name, phases, System::nanoTime);
  }

  /**
   * Progress of a job that counts: a line now and then.
   *
   * @param name of the job
   * @param total what it counts to
   * @param unit what it counts, for example {@code images}
   */
  public static LongConsumer counting(PrintStream out, String name, long total, String unit) {
    return new CountLines(out, name, total, unit, System::nanoTime);
  }
}
