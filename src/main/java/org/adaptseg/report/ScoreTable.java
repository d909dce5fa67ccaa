package org.adaptseg.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.adaptseg.metrics.Scores;

/** IoU per class and mIoU in percent, one column per run, side by side. */
public final class ScoreTable {
  private ScoreTable() {}

  /**
   * @param classes class names
   * @param columns scores by column title, in order
   * @return lines ending in a newline each
   */
  public static String of(List<String> classes, Map<String, Scores> columns) {
    Map<String, Scores> ordered = new LinkedHashMap<>(columns);
    int width = Math.max(4, classes.stream().mapToInt(String::length).max().orElse(0));
    StringBuilder text = new StringBuilder(pad("class", width));
    ordered.keySet().forEach(title -> text.append("  ").append(left(title, cell(title))));
    text.append('\n');
    for (int c = 0; c < classes.size(); c++) {
      text.append(pad(classes.get(c), width));
      for (Map.Entry<String, Scores> column : ordered.entrySet()) {
        String value = percent(column.getValue().iou().get(c));
        text.append("  ").append(left(value, cell(column.getKey())));
      }
      text.append('\n');
    }
    text.append(pad("mIoU", width));
    for (Map.Entry<String, Scores> column : ordered.entrySet()) {
      text.append("  ").append(left(percent(column.getValue().miou()), cell(column.getKey())));
    }
    return text.append('\n').toString();
  }

  private static int cell(String title) {
    return Math.max(6, title.length());
  }

  private static String percent(double fraction) {
    return Double.isNaN(fraction) ? "-" : String.format(Locale.ROOT, "%.2f", 100 * fraction);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String left(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }
}
