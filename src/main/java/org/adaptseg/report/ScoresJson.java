package org.adaptseg.report;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.adaptseg.data.store.Json;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Scores as a JSON file: an object with these fields, called as in {@code frequency_weighted_iou}.
 * Scores are fractions, as {@link Scores} defines them; null where one is not defined.
 *
 * @param classes class names
 * @param iou per class, null also for a class that the protocol does not count
 * @param miou mean over the others
 * @param precision per class
 * @param recall per class
 * @param f1 per class
 * @param pixelAccuracy over all classes
 * @param frequencyWeightedIou over all classes
 * @param calibrationError over all classes
 * @param confusion pixels, rows are truth
 * @param images number of images evaluated
 * @param iteration iterations that the network was trained for
 * @param protocol what the mean is over
 * @param dataset the dataset that was scored, and its split
 * @param training what the network was trained on
 * @param selection which checkpoint it is, and by what it was chosen
 * @param views how images were looked at, see {@link ScoreNotes#views}
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ScoresJson(
    List<String> classes,
    List<Double> iou,
    Double miou,
    List<Double> precision,
    List<Double> recall,
    List<Double> f1,
    Double pixelAccuracy,
    Double frequencyWeightedIou,
    Double calibrationError,
    List<List<Long>> confusion,
    int images,
    long iteration,
    String protocol,
    String dataset,
    String training,
    String selection,
    String views) {

  /** Scores of a matrix. */
  public static ScoresJson of(
      List<String> classes, ConfusionMatrix matrix, int images, long iteration, ScoreNotes notes) {
    Scores scores = Scores.of(matrix);
    List<List<Long>> rows =
        Arrays.stream(matrix.toArray()).map(r -> Arrays.stream(r).boxed().toList()).toList();
    return new ScoresJson(
        classes,
        numbers(scores.iou()),
        number(scores.miou()),
        numbers(scores.precision()),
        numbers(scores.recall()),
        numbers(scores.f1()),
        number(scores.pixelAccuracy()),
        number(scores.frequencyWeightedIou()),
        number(scores.calibrationError()),
        rows,
        images,
        iteration,
        notes.classes().protocol(),
        notes.dataset(),
        notes.training(),
        notes.selection(),
        notes.views());
  }

  private static List<Double> numbers(List<Double> values) {
    return values.stream().map(ScoresJson::number).toList();
  }

  // JSON has no NaN.
  private static Double number(double value) {
    return Double.isNaN(value) ? null : Double.valueOf(value);
  }

  /** Writes the file as a whole, replacing another of its name. */
  public void write(Path file, Configuration configuration) throws IOException {
    WholeFile.write(file, Json.indented(this), configuration);
  }
}
