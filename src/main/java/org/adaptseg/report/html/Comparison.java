package org.adaptseg.report.html;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.adaptseg.report.html.RunGroup.Spread;
import org.adaptseg.report.html.RunHistory.Evaluation;

/** Tables with a row for each group of runs, which the page sorts by a column on a click. */
final class Comparison {
  private static final String NONE = "–";

  /** Where hues begin, and how far apart neighbours are: as far as hues of any number can be. */
  private static final int FIRST_HUE = 174;

  private static final double GOLDEN_ANGLE = 137.508;

  /**
   * A table.
   *
   * @param numeric whether columns after the first hold numbers
   */
  record Table(List<String> columns, List<Row> rows, boolean numeric) {}

  /** A row; {@code style} sets its colour. */
  record Row(String name, String style, List<Cell> cells) {}

  /**
   * A cell.
   *
   * @param sort what it is sorted by: a number, or empty for none, where the column is of numbers
   * @param title what pointing at it shows
   */
  record Cell(String text, String sort, String title) {}

  private Comparison() {}

  /** The colour of a group, for a style. */
  static String style(int index, int groups) {
    return groups <= ReportPage.SIDE_BY_SIDE
        ? "--run:var(--run-" + (groups == 1 ? 1 : index) + ")"
        : String.format(Locale.ROOT, "--run:hsl(%d,55%%,var(--run-lightness))", hue(index));
  }

  /** Hue of a group, in degrees. */
  static int hue(int index) {
    return (int) ((FIRST_HUE + index * GOLDEN_ANGLE) % 360);
  }

  /** How many runs there are of each group, and their scores. */
  static Table scores(List<RunGroup> groups) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      RunGroup group = groups.get(i);
      List<Cell> cells = new ArrayList<>();
      cells.add(count(group.runs().size()));
      cells.add(percent(group, Evaluation::miou));
      cells.add(percent(group, e -> e.scores().pixelAccuracy()));
      cells.add(percent(group, e -> e.scores().frequencyWeightedIou()));
      cells.add(percent(group, e -> e.scores().calibrationError()));
      cells.add(whole(group, Evaluation::iteration));
      cells.add(minutes(group));
      rows.add(new Row(group.name(), style(i, groups.size()), cells));
    }
    return new Table(
        List.of(
            "runs",
            "mIoU",
            "pixel accuracy",
            "freq.-weighted IoU",
            "calibration error",
            "iterations",
            "minutes"),
        rows,
        true);
  }

  /** IoU of every class. */
  static Table classes(List<RunGroup> groups) {
    List<String> names = groups.get(0).runs().get(0).classes().names();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      List<Cell> cells = new ArrayList<>();
      for (int c = 0; c < names.size(); c++) {
        int index = c;
        cells.add(percent(groups.get(i), e -> e.iou().get(index)));
      }
      rows.add(new Row(groups.get(i).name(), style(i, groups.size()), cells));
    }
    return new Table(names, rows, true);
  }

  /** What the groups' configurations differ in. */
  static Table settings(List<RunGroup> groups) {
    List<Map<String, String>> all =
        groups.stream().map(g -> Settings.ofTheExperiment(g.runs().get(0))).toList();
    Set<String> keys = new LinkedHashSet<>();
    all.forEach(settings -> keys.addAll(settings.keySet()));
    keys.removeIf(key -> all.stream().map(s -> s.getOrDefault(key, NONE)).distinct().count() == 1);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      Map<String, String> settings = all.get(i);
      List<Cell> cells =
          keys.stream()
              .map(key -> settings.getOrDefault(key, NONE))
              .map(value -> new Cell(value.isEmpty() ? NONE : value, value, ""))
              .toList();
      rows.add(new Row(groups.get(i).name(), style(i, groups.size()), cells));
    }
    return new Table(List.copyOf(keys), rows, false);
  }

  private static Cell count(int n) {
    return new Cell(String.valueOf(n), String.valueOf(n), "");
  }

  private static Cell percent(RunGroup group, ToDoubleFunction<Evaluation> score) {
    Spread spread = group.spread(score);
    String text = PageModel.percent(spread.mean());
    if (Double.isFinite(spread.deviation())) {
      text += " ± " + PageModel.percent(spread.deviation());
    }
    return new Cell(text, number(spread.mean()), seeds(group, score));
  }

  /** What the mean is of. */
  private static String seeds(RunGroup group, ToDoubleFunction<Evaluation> score) {
    if (group.runs().size() == 1) {
      return "";
    }
    List<String> parts = new ArrayList<>();
    for (ReportedRun run : group.runs()) {
      double value = run.history().lastEvaluation().map(score::applyAsDouble).orElse(Double.NaN);
      parts.add("seed " + run.config().run().seed() + ": " + PageModel.percent(value));
    }
    return String.join(", ", parts);
  }

  private static Cell whole(RunGroup group, ToDoubleFunction<Evaluation> score) {
    double mean = group.spread(score).mean();
    return Double.isNaN(mean)
        ? new Cell(NONE, "", "")
        : new Cell(FactsTable.count(Math.round(mean)), number(mean), "");
  }

  private static Cell minutes(RunGroup group) {
    double mean =
        Spread.of(
                group.runs().stream()
                    .map(r -> r.history().seconds() > 0 ? r.history().seconds() / 60 : Double.NaN)
                    .toList())
            .mean();
    return Double.isNaN(mean)
        ? new Cell(NONE, "", "")
        : new Cell(
            mean < 10
                ? String.format(Locale.ROOT, "%.1f", mean)
                : FactsTable.count(Math.round(mean)),
            number(mean),
            "");
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.valueOf(value);
  }
}
