package org.adaptseg.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.adaptseg.config.yaml.Texts;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.schedule.LearningRates;
import org.adaptseg.train.schedule.RoundPlan;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code metrics.jsonl} in the run directory: a JSON object per line for every iteration,
 * round and evaluation; docs/metrics.md describes the fields.
 *
 * <p>The file is written whole before every checkpoint, so that after a resume it has every
 * iteration up to there exactly once; also after an evaluation, at the end, and now and then
 * between. In between, lines wait in memory, where a run of 150000 iterations takes some 60 MB.
 */
public final class MetricsFile implements TrainingListener {
  /** Name of the file in the run directory. */
  public static final String NAME = "metrics.jsonl";

  private static final Logger LOG = LoggerFactory.getLogger(MetricsFile.class);
  private static final int LARGEST = 1 << 30;
  private static final double MILLIS = 1e3;

  private final Path file;
  private final Configuration hadoop;
  private final LearningRates rates;
  private final List<String> classes;
  private final FlushTimer timer = new FlushTimer(System::nanoTime);
  private final List<MetricsLine> lines = new ArrayList<>();
  private boolean started;

  /**
   * @param directory run directory, which need not exist
   * @param rates recorded beside the losses
   * @param classes class names
   * @throws IOException if the file system cannot be reached
   */
  public MetricsFile(
      Path directory, Configuration hadoop, LearningRates rates, List<String> classes)
      throws IOException {
    this.file = directory.getFileSystem(hadoop).makeQualified(new Path(directory, NAME));
    this.hadoop = hadoop;
    this.rates = rates;
    this.classes = List.copyOf(classes);
  }

  @Override
  public void onStart(long iteration, long totalIterations, List<String> notes) {
    try {
      if (iteration > 0) {
        resume(iteration);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    started = true;
  }

  private void resume(long iteration) throws IOException {
    Optional<byte[]> bytes = WholeFile.read(file, LARGEST, hadoop);
    int number = 0;
    for (String text : Texts.decode(bytes.orElse(new byte[0])).split("\n")) {
      number++;
      if (text.isBlank()) {
        continue;
      }
      try {
        MetricsLine line = MetricsLine.parse(text);
        if (line.end() <= iteration) {
          lines.add(line);
        }
      } catch (IOException e) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "Cannot append to the metrics: %s (%s, line %d); correct or remove that line",
                e.getMessage(),
                file,
                number),
            e);
      }
    }
    long known = lines.stream().filter(l -> l.kind() == MetricsLine.Kind.ITERATION).count();
    if (known != iteration) {
      LOG.warn("Expected metrics of {} iterations, found {} ({})", iteration, known, file);
    }
  }

  @Override
  public void onSkipped(RoundPlan plan, List<RoundReport.Skipped> skipped) {
    skipped.forEach(one -> lines.add(MetricsLine.of(one)));
  }

  @Override
  public void onRound(RoundPlan plan, List<RoundReport.Iteration> losses, RoundTimings timings) {
    losses.forEach(iteration -> lines.add(MetricsLine.of(iteration, plan.phase(), rates)));
    lines.add(MetricsLine.of(plan, timings, now()));
    if (timer.isDue()) {
      writeOrWarn();
    }
  }

  @Override
  public void onEvaluation(long iteration, ConfusionMatrix matrix) {
    // A run that resumes reports the evaluation at that iteration again.
    lines.removeIf(l -> l.kind() == MetricsLine.Kind.EVALUATION && l.iteration() == iteration);
    lines.add(MetricsLine.of(iteration, matrix, classes, now()));
    writeOrWarn();
  }

  @Override
  public void beforeCheckpoint(long iteration) {
    write();
  }

  @Override
  public void onEnd(long iteration) {
    write();
  }

  @Override
  public void onFailure(Throwable failure) {
    if (started) {
      writeOrWarn();
    }
  }

  private void write() {
    try {
      WholeFile.write(file, lines.stream().map(MetricsLine::json).toList(), hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** Nothing is lost by a failure: the lines stay in memory for the next time. */
  private void writeOrWarn() {
    try {
      write();
    } catch (UncheckedIOException e) {
      LOG.warn(e.getMessage());
    }
  }

  private static double now() {
    return System.currentTimeMillis() / MILLIS;
  }
}
