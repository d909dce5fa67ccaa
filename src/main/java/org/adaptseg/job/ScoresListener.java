package org.adaptseg.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.adaptseg.report.ScoreNotes;
import org.adaptseg.report.ScoreTable;
import org.adaptseg.report.ScoresJson;
import org.adaptseg.train.TrainingListener;
import org.apache.hadoop.fs.Path;

/** Keeps the newest scores in {@value #NAME} of the run directory. */
public final class ScoresListener implements TrainingListener {
  /** Name of the file. */
  public static final String NAME = "scores.json";

  private final Experiment experiment;
  private ConfusionMatrix last;

  public ScoresListener(Experiment experiment) {
    this.experiment = experiment;
  }

  @Override
  public void onEvaluation(long iteration, ConfusionMatrix matrix) {
    last = matrix;
    try {
      ScoresJson.of(experiment.classes(), matrix, experiment.evaluationImages(), iteration, notes())
          .write(new Path(experiment.directory(), NAME), experiment.hadoop());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write scores.json: " + e.getMessage(), e);
    }
  }

  private ScoreNotes notes() {
    return experiment.notes(ScoreNotes.LAST);
  }

  /** The newest scores. */
  public Scores scores() {
    return Scores.of(last);
  }

  /** The newest scores as a table under a title, for the terminal. */
  public String table(String title) {
    return ScoreTable.of(title, experiment.classes(), scores()) + notes().line() + "\n";
  }
}
