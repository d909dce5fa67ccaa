package org.adaptseg.report.tensorboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.adaptseg.config.Phase;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.adaptseg.report.FlushTimer;
import org.adaptseg.report.gallery.GalleryEntry;
import org.adaptseg.report.gallery.Picture;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.schedule.LearningRates;
import org.adaptseg.train.schedule.RoundPlan;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps event files in the run directory for {@code tensorboard --logdir}: losses and learning
 * rates of every iteration, timings of every round, scores, confusion matrix and pictures of every
 * evaluation.
 *
 * <p>Object stores cannot append, and TensorBoard reads a directory's files in order, so events
 * wait in memory and every flush writes a further file, called after the time and the first
 * iteration in it. There is a flush before every checkpoint, so that a run which resumes there
 * deletes the files that begin later and writes their events again.
 */
public final class TensorBoardFiles implements TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(TensorBoardFiles.class);
  private static final Pattern NAME =
      Pattern.compile("events\\.out\\.tfevents\\.(\\d{1,18})\\.adaptseg\\.(\\d{1,18})-\\d+");

  /** Of a name that TensorBoard does not take for an event file. */
  private static final String TEMPORARY = "_tensorboard.next";

  private static final double MILLIS = 1e3;

  private final Path directory;
  private final FileSystem fileSystem;
  private final Configuration hadoop;
  private final Path temporary;
  private final LearningRates rates;
  private final List<String> classes;
  private final StatePictures pictures;
  private final FlushTimer timer = new FlushTimer(System::nanoTime);
  private final List<byte[]> waiting = new ArrayList<>();
  private long firstWaiting;
  private int files;

  /** Seconds in the last name, since a clock may go back. */
  private long newest;

  private Path next;
  private LearnerState evaluated;
  private boolean shown;

  /**
   * @param directory run directory, which need not exist
   * @param rates recorded beside the losses
   * @param classes class names
   * @param pictures made of every state that is evaluated
   * @throws IOException if the file system cannot be reached
   */
  public TensorBoardFiles(
      Path directory,
      Configuration hadoop,
      LearningRates rates,
      List<String> classes,
      StatePictures pictures)
      throws IOException {
    this.fileSystem = directory.getFileSystem(hadoop);
    this.directory = fileSystem.makeQualified(directory);
    this.hadoop = hadoop;
    this.temporary = new Path(this.directory, TEMPORARY);
    this.rates = rates;
    this.classes = List.copyOf(classes);
    this.pictures = pictures;
  }

  @Override
  public void onStart(long iteration, long totalIterations, List<String> notes) {
    try {
      if (fileSystem.exists(directory)) {
        for (FileStatus file : fileSystem.listStatus(directory)) {
          Matcher name = NAME.matcher(file.getPath().getName());
          if (name.matches()) {
            newest = Math.max(newest, Long.parseLong(name.group(1)));
            if (Long.parseLong(name.group(2)) >= iteration) {
              WholeFile.delete(file.getPath(), hadoop);
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot append to the event files: " + e.getMessage() + " (" + directory + ")", e);
    }
  }

  @Override
  public void onRound(RoundPlan plan, List<RoundReport.Iteration> losses, RoundTimings timings) {
    double now = now();
    losses.forEach(iteration -> add(iteration.iteration(), event(iteration, plan.phase(), now)));
    Event round =
        new Event(now, plan.endIteration() - 1)
            .scalar("round/seconds", timings.round())
            .scalar("round/step_seconds", timings.step())
            .scalar("round/input_wait_seconds", timings.inputWait())
            .scalar("round/bytes_averaged", timings.bytesAveraged())
            .scalar("round/samples_decoded", timings.samplesDecoded());
    timings.divergence().forEach((name, value) -> round.scalar("divergence/" + name, value));
    add(plan.endIteration() - 1, round);
    if (timer.isDue()) {
      flushOrWarn();
    }
  }

  private Event event(RoundReport.Iteration iteration, Phase phase, double now) {
    long at = iteration.iteration();
    Event event = new Event(now, at);
    iteration
        .losses()
        .terms()
        .forEach(
            (term, levels) ->
                levels.forEach((level, value) -> event.scalar(term + "/" + level.name(), value)));
    rates.at(phase, at).forEach((name, rate) -> event.scalar("learning_rate/" + name, rate));
    return event;
  }

  @Override
  public void onEvaluationStart(long iteration, int images, LearnerState state) {
    evaluated = state;
  }

  @Override
  public void onEvaluation(long iteration, ConfusionMatrix matrix) {
    Scores scores = Scores.of(matrix);
    MatrixPicture picture = MatrixPicture.of(matrix);
    Event event =
        new Event(now(), iteration)
            .scalar("evaluation/miou", scores.miou())
            .scalar("evaluation/pixel_accuracy", scores.pixelAccuracy())
            .scalar("evaluation/frequency_weighted_iou", scores.frequencyWeightedIou())
            .scalar("evaluation/calibration_error", scores.calibrationError());
    for (int c = 0; c < classes.size(); c++) {
      event
          .scalar("iou/" + classes.get(c), scores.iou().get(c))
          .scalar("precision/" + classes.get(c), scores.precision().get(c))
          .scalar("recall/" + classes.get(c), scores.recall().get(c))
          .scalar("f1/" + classes.get(c), scores.f1().get(c));
    }
    add(
        iteration,
        event.image("evaluation/confusion", picture.side(), picture.side(), picture.png()));
    addPictures(iteration);
    flushOrWarn();
  }

  private void addPictures(long iteration) {
    if (evaluated == null) {
      return;
    }
    try {
      List<GalleryEntry> entries = pictures.of(iteration, evaluated);
      for (int i = 0; i < entries.size(); i++) {
        GalleryEntry entry = entries.get(i);
        Event event = new Event(now(), iteration);
        String group = "image_" + (i + 1) + "/";
        if (!shown) {
          add(event, group + "image", entry.image());
          add(event, group + "truth", entry.truth());
        }
        add(event, group + "prediction", entry.prediction());
        entry.entropy().forEach(map -> add(event, group + "entropy_" + map.level(), map.map()));
        add(iteration, event);
      }
      shown = true;
    } catch (RuntimeException e) {
      LOG.warn("No pictures for TensorBoard: {}", e.getMessage());
    }
    evaluated = null;
  }

  private static void add(Event event, String tag, Picture picture) {
    event.image(tag, picture.width(), picture.height(), picture.bytes());
  }

  private void add(long iteration, Event event) {
    if (waiting.isEmpty()) {
      firstWaiting = iteration;
    }
    waiting.add(event.toRecord());
  }

  @Override
  public void beforeCheckpoint(long iteration) {
    flush();
  }

  @Override
  public void onEnd(long iteration) {
    flush();
  }

  @Override
  public void onFailure(Throwable failure) {
    flushOrWarn();
  }

  private void flush() {
    if (waiting.isEmpty()) {
      return;
    }
    double now = now();
    if (next == null) {
      // TensorBoard reads in the order of names, and never again a file before the one it is at.
      newest = Math.max(newest, (long) now);
      String name =
          String.format(
              Locale.ROOT,
              "events.out.tfevents.%010d.adaptseg.%09d-%d",
              newest,
              firstWaiting,
              files++);
      next = new Path(directory, name);
    }
    List<byte[]> records = new ArrayList<>(waiting.size() + 1);
    records.add(Event.header(now));
    records.addAll(waiting);
    try {
      WholeFile.write(next, temporary, WholeFile.parts(records), hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + next + ": " + e.getMessage(), e);
    }
    waiting.clear();
    next = null;
  }

  /** Nothing is lost by a failure: the events stay in memory for the next time. */
  private void flushOrWarn() {
    try {
      flush();
    } catch (UncheckedIOException e) {
      LOG.warn(e.getMessage());
    }
  }

  private static double now() {
    return System.currentTimeMillis() / MILLIS;
  }
}
