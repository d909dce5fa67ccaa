package org.adaptseg.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/**
 * Scores as a JSON file: {@code {"classes":[…],"iou":[…],"miou":…,"confusion":[[…]],"images":n}}.
 *
 * @param classes class names
 * @param iou per class, fractions; null for a class that neither labels nor predictions contain
 * @param miou mean over the others; null if there are none
 * @param confusion pixels, rows are truth
 * @param images number of images evaluated
 */
public record ScoresJson(
    List<String> classes, List<Double> iou, Double miou, List<List<Long>> confusion, int images) {

  /** Scores of a matrix. */
  public static ScoresJson of(List<String> classes, ConfusionMatrix matrix, int images) {
    Scores scores = Scores.of(matrix);
    List<List<Long>> rows =
        Arrays.stream(matrix.toArray()).map(r -> Arrays.stream(r).boxed().toList()).toList();
    return new ScoresJson(
        classes,
        scores.iou().stream().map(ScoresJson::number).toList(),
        number(scores.miou()),
        rows,
        images);
  }

  // JSON has no NaN.
  private static Double number(double value) {
    return Double.isNaN(value) ? null : Double.valueOf(value);
  }

  /** Writes the file at once, replacing another of its name. */
  public void write(Path file, Configuration configuration) throws IOException {
    byte[] text =
        new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .writeValueAsString(this)
            .getBytes(StandardCharsets.UTF_8);
    try (FSDataOutputStream out = file.getFileSystem(configuration).create(file, true)) {
      out.write(text);
    }
  }
}
