package org.adaptseg.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.config.yaml.Texts;
import org.adaptseg.data.store.Json;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.adaptseg.report.ScoreNotes;
import org.adaptseg.report.ScoresJson;
import org.adaptseg.spark.TrainingRun;
import org.apache.hadoop.fs.Path;

/**
 * Keeps the checkpoint with the best mIoU on target validation and its scores beside the last ones,
 * never instead of them: it is chosen with target labels, and every place says so. A run that is
 * evaluated at its end only has nothing to choose from and keeps none.
 */
public final class BestOnTarget implements TrainingRun.Evaluated {
  /** Directory of the checkpoint in the run directory. */
  public static final String DIRECTORY = "best-on-target-labels";

  /** File of the scores in the run directory. */
  public static final String SCORES = "scores-best-on-target-labels.json";

  private static final int LARGEST = 1 << 24;

  private final Experiment experiment;
  private double best = Double.NEGATIVE_INFINITY;

  BestOnTarget(Experiment experiment, TrainingRun.Start start) throws IOException {
    this.experiment = experiment;
    if (start == TrainingRun.Start.RESUME) {
      this.best =
          read(experiment).map(s -> s.get("miou").asDouble()).orElse(Double.NEGATIVE_INFINITY);
    }
  }

  @Override
  public void evaluated(Checkpoint at, ConfusionMatrix matrix) throws IOException {
    if (experiment.config().evaluation().interval() == 0) {
      return;
    }
    ScoreNotes notes = experiment.notes(ScoreNotes.BEST);
    double miou = Scores.of(matrix).miou();
    if (miou > best) {
      experiment.run().checkpoints(DIRECTORY, 1).save(at);
      ScoresJson.of(
              experiment.classes(), matrix, experiment.evaluationImages(), at.iteration(), notes)
          .write(new Path(experiment.directory(), SCORES), experiment.hadoop());
      best = miou;
    }
  }

  /** What was kept, for people; nothing where there is none. */
  public static Optional<String> line(Experiment experiment) throws IOException {
    return read(experiment)
        .map(
            s ->
                String.format(
                    Locale.ROOT,
                    "Best on target validation, chosen with target labels: mIoU %.2f at iteration"
                        + " %d (%s)",
                    100 * s.get("miou").asDouble(),
                    s.get("iteration").asLong(),
                    new Path(experiment.directory(), DIRECTORY)));
  }

  private static Optional<JsonNode> read(Experiment experiment) throws IOException {
    Path file = new Path(experiment.directory(), SCORES);
    Optional<byte[]> json = WholeFile.read(file, LARGEST, experiment.hadoop());
    return json.isEmpty() ? Optional.empty() : Optional.of(parse(json.get(), file));
  }

  /** The file is written whole, so one that is damaged was changed by somebody else. */
  private static JsonNode parse(byte[] json, Path file) throws IOException {
    JsonNode scores;
    try {
      scores = Json.tree(Texts.decode(json));
    } catch (JsonProcessingException e) {
      throw damaged(e.getOriginalMessage(), file);
    }
    for (String number : List.of("miou", "iteration")) {
      if (!scores.path(number).isNumber()) {
        throw damaged("no number \"%s\"".formatted(number), file);
      }
    }
    return scores;
  }

  private static IOException damaged(String found, Path file) {
    return new IOException(
        "Cannot resume: expected scores in JSON, found %s (%s); remove the file to choose the best checkpoint from this iteration on"
            .formatted(found, file));
  }
}
