package org.adaptseg.report;

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
 * Scores as a JSON file: {@code {"classes":[…],"iou":[…],"miou":…,"confusion":[[…]],"images":n,
 * "iteration":n,"protocol":"…","training":"…","selection":"…"}}.
 *
 * @param classes class names
 * @param iou per class, fractions; null for a class that neither labels nor predictions contain, or
 *     that the protocol does not count
 * @param miou mean over the others; null if there are none
 * @param confusion pixels, rows are truth
 * @param images number of images evaluated
 * @param iteration iterations that the network was trained for
 * @param protocol what the mean is over
 * @param training what the network was trained on
 * @param selection which checkpoint it is, and by what it was chosen
 */
public record ScoresJson(
    List<String> classes,
    List<Double> iou,
    Double miou,
    List<List<Long>> confusion,
    int images,
    long iteration,
    String protocol,
    String training,
    String selection) {

  /** Scores of a matrix. */
  public static ScoresJson of(
      List<String> classes, ConfusionMatrix matrix, int images, long iteration, ScoreNotes notes) {
    Scores scores = Scores.of(matrix);
    List<List<Long>> rows =
        Arrays.stream(matrix.toArray()).map(r -> Arrays.stream(r).boxed().toList()).toList();
    return new ScoresJson(
        classes,
        scores.iou().stream().map(ScoresJson::number).toList(),
        number(scores.miou()),
        rows,
        images,
        iteration,
        notes.classes().protocol(),
        notes.training(),
        notes.selection());
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
