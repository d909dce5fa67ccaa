package org.adaptseg.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.adaptseg.metrics.Scores;

/** Scores in percent for a terminal: a row per class, and below them those of all classes. */
public final class ScoreTable {
  private static final List<String> COLUMNS = List.of("IoU", "precision", "recall", "F1");
  private static final int LEAST = 6;
  private static final Map<String, ToDoubleFunction<Scores>> OF_ALL = ofAll();

  private ScoreTable() {}

  /**
   * One network's scores; what is not defined is a hyphen.
   *
   * @param title what was scored
   * @param classes class names
   * @return lines ending in a newline each
   */
  public static String of(String title, List<String> classes, Scores scores) {
    int width = width(classes);
    StringBuilder text = new StringBuilder(title).append(", in percent\n");
    text.append(row("class", width, COLUMNS, COLUMNS));
    for (int c = 0; c < classes.size(); c++) {
      List<Double> values =
          List.of(
              scores.iou().get(c),
              scores.precision().get(c),
              scores.recall().get(c),
              scores.f1().get(c));
      text.append(row(classes.get(c), width, percents(values), COLUMNS));
    }
    OF_ALL.forEach(
        (name, score) ->
            text.append(row(name, width, percents(List.of(score.applyAsDouble(scores))), COLUMNS)));
    return text.toString();
  }

  /**
   * The IoU of every class and the scores of all, one column for each network, side by side.
   *
   * @param classes class names
   * @param columns scores by column title, in order
   * @return lines ending in a newline each
   */
  public static String of(List<String> classes, Map<String, Scores> columns) {
    int width = width(classes);
    List<String> titles = List.copyOf(columns.keySet());
    List<Scores> scores = List.copyOf(columns.values());
    StringBuilder text = new StringBuilder(row("class", width, titles, titles));
    for (int c = 0; c < classes.size(); c++) {
      int index = c;
      List<Double> values = scores.stream().map(s -> s.iou().get(index)).toList();
      text.append(row(classes.get(c), width, percents(values), titles));
    }
    OF_ALL.forEach(
        (name, score) -> {
          List<Double> values = scores.stream().map(score::applyAsDouble).toList();
          text.append(row(name, width, percents(values), titles));
        });
    return text.toString();
  }

  private static Map<String, ToDoubleFunction<Scores>> ofAll() {
    Map<String, ToDoubleFunction<Scores>> scores = new LinkedHashMap<>();
    scores.put("mIoU", Scores::miou);
    scores.put("pixel accuracy", Scores::pixelAccuracy);
    scores.put("frequency-weighted IoU", Scores::frequencyWeightedIou);
    scores.put("calibration error", Scores::calibrationError);
    return scores;
  }

  private static int width(List<String> classes) {
    return Stream.concat(classes.stream(), OF_ALL.keySet().stream())
        .mapToInt(String::length)
        .max()
        .orElse(0);
  }

  /** Cells are as wide as the titles of their columns. */
  private static String row(String name, int width, List<String> cells, List<String> titles) {
    StringBuilder text = new StringBuilder(name).append(" ".repeat(width - name.length()));
    for (int i = 0; i < cells.size(); i++) {
      int cell = Math.max(LEAST, titles.get(i).length());
      String value = cells.get(i);
      text.append("  ").append(" ".repeat(Math.max(0, cell - value.length()))).append(value);
    }
    return text.append('\n').toString();
  }

  private static List<String> percents(List<Double> fractions) {
    return fractions.stream()
        .map(f -> f.isNaN() ? "-" : String.format(Locale.ROOT, "%.2f", 100 * f))
        .toList();
  }
}
