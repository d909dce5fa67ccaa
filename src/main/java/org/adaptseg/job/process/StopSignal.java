package org.adaptseg.job.process;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.store.DirectoryClaim;
import org.adaptseg.spark.TrainingRun;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Saves a run whose process is asked to end (SIGTERM, Ctrl-C, a machine that is taken away): within
 * the grace period the state of the last finished round is saved whole, and a line says how to
 * resume. Works before Spark stops its context and Hadoop closes its file systems. The exit code
 * stays that of the signal, 143 for SIGTERM.
 */
public final class StopSignal implements AutoCloseable {
  /** Spark's hooks run at 40, Hadoop's file systems are closed at 10. */
  private static final int BEFORE_SPARK_STOPS = 100;

  private final Duration grace;
  private final String directory;
  private final PrintStream out;
  private final Runnable hook = this::stop;
  private volatile TrainingRun run;
  private volatile DirectoryClaim claim;

  private StopSignal(RunConfig config, PrintStream out) {
    this.grace = Duration.ofSeconds(config.output().gracePeriod());
    this.directory = config.output().dir();
    this.out = out;
  }

  /** Waits for a signal until closed. */
  public static StopSignal of(RunConfig config) {
    StopSignal signal = new StopSignal(config, System.err);
    ShutdownHookManager manager = ShutdownHookManager.get();
    if (!manager.isShutdownInProgress()) {
      // Hadoop interrupts a hook after its time; what was begun may take as long again.
      long limit = 2 * signal.grace.toSeconds() + 1;
      manager.addShutdownHook(signal.hook, BEFORE_SPARK_STOPS, limit, TimeUnit.SECONDS);
    }
    return signal;
  }

  /** Names the training whose state is saved when the process is asked to stop. */
  public void attach(TrainingRun training) {
    run = training;
  }

  /** Names the claim of the run directory, which the next process may have at once then. */
  public void attach(DirectoryClaim directoryClaim) {
    claim = directoryClaim;
  }

  private void stop() {
    TrainingRun training = run;
    DirectoryClaim held = claim;
    String saved;
    try {
      TrainingRun.Stopped how =
          training == null ? TrainingRun.Stopped.NOTHING_TO_SAVE : training.stop(grace);
      saved =
          switch (how) {
            case SAVED -> "the state of the last finished round is saved";
            case NOTHING_TO_SAVE -> "no round has ended that is not saved";
            case TOO_LATE ->
                String.format(
                        Locale.ROOT,
                        "nothing more is saved, since what was being written took longer than %d s",
                        grace.toSeconds())
                    + " (output.grace-period)";
          };
      if (held != null && how != TrainingRun.Stopped.TOO_LATE) {
        held.release();
      }
    } catch (IOException | RuntimeException e) {
      saved = "the state of the last finished round could not be saved: " + e.getMessage();
    }
    out.printf("%nStopped by a signal: %s. Resume with train --resume (%s).%n", saved, directory);
    out.flush();
  }

  @Override
  public void close() {
    ShutdownHookManager manager = ShutdownHookManager.get();
    if (!manager.isShutdownInProgress()) {
      manager.removeShutdownHook(hook);
    }
  }
}
