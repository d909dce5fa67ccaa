package org.adaptseg.report.html;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.report.gallery.GalleryEntry;
import org.adaptseg.report.gallery.Picture;
import org.adaptseg.report.html.RunHistory.Evaluation;

/** The texts and pictures of a page, as {@code index.mustache} names them. */
final class PageModel {
  private static final String NONE = "–";
  private static final int SMALL_WIDTH = 256;

  /** A run's number in large type; {@code colour} is its index among the runs' colours. */
  record Headline(String name, int colour, String miou, boolean scored, String detail) {}

  /** A group's number in large type. */
  record Best(String name, String style, String miou, String detail) {}

  /** How much the second run is ahead of the first. */
  record Gain(String points, String detail, boolean ahead) {}

  /** A class and its colour, for example {@code #804080}. */
  record Swatch(String name, String colour) {}

  /** A picture with what is written below it; {@code coarse} ones are shown pixel by pixel. */
  record Figure(String uri, int width, int height, String caption, String note, boolean coarse) {}

  /** One image of the gallery. */
  record Specimen(String id, List<Figure> figures) {}

  /** A row of the table of scores; {@code total} if it is of all classes. */
  record ScoreRow(String name, String colour, List<String> cells, String gain, boolean total) {}

  /**
   * A cell of a confusion matrix; {@code strength} is a percentage, {@code ink} the class that
   * keeps its text readable.
   */
  record Cell(String text, int strength, String ink, boolean diagonal, String title) {}

  /** A row of a confusion matrix. */
  record ConfusionRow(String name, String colour, List<Cell> cells) {}

  /** A confusion matrix. */
  record Confusion(String name, int colour, List<ConfusionRow> rows) {}

  /** A term of the losses, and its name as a heading. */
  record LossChart(String loss, String title) {}

  /** A run's whole configuration. */
  record Configuration(String name, String yaml) {}

  private PageModel() {}

  static String title(List<ReportedRun> runs) {
    List<String> names = runs.stream().map(ReportedRun::name).toList();
    return names.size() == 1
        ? names.get(0)
        : String.join(", ", names.subList(0, names.size() - 1))
            + " and "
            + names.get(names.size() - 1);
  }

  /** Two runs have the first and the second colour; a run alone has the second, the accent. */
  static int colour(List<ReportedRun> runs, int index) {
    return runs.size() == 1 ? 1 : index;
  }

  static List<Headline> headlines(List<ReportedRun> runs) {
    List<Headline> headlines = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Optional<Evaluation> last = runs.get(i).history().lastEvaluation();
      headlines.add(
          new Headline(
              runs.get(i).name(),
              colour(runs, i),
              last.map(e -> percent(e.miou())).orElse(NONE),
              last.isPresent(),
              last.map(e -> "after " + FactsTable.count(e.iteration()) + " iterations")
                  .orElse("not evaluated yet")));
    }
    return headlines;
  }

  /** The groups with the highest mIoU, best first. */
  static List<Best> best(List<RunGroup> groups) {
    record Scored(RunGroup group, int index, RunGroup.Spread miou) {}
    List<Scored> scored = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      RunGroup.Spread miou = groups.get(i).spread(Evaluation::miou);
      if (Double.isFinite(miou.mean())) {
        scored.add(new Scored(groups.get(i), i, miou));
      }
    }
    return scored.stream()
        .sorted(Comparator.comparingDouble(s -> -s.miou().mean()))
        .limit(ReportPage.SIDE_BY_SIDE)
        .map(
            s ->
                new Best(
                    s.group().name(),
                    Comparison.style(s.index(), groups.size()),
                    percent(s.miou().mean()),
                    s.group().runs().size() == 1
                        ? "one run"
                        : "± "
                            + percent(s.miou().deviation())
                            + " over "
                            + s.group().runs().size()
                            + " runs"))
        .toList();
  }

  /** How many runs there are of how many experiments. */
  static String title(List<ReportedRun> runs, List<RunGroup> groups) {
    return groups.size() == runs.size()
        ? runs.size() + " runs"
        : runs.size() + " runs of " + groups.size() + " experiments";
  }

  static Optional<Gain> gain(List<ReportedRun> runs) {
    if (runs.size() != 2
        || !runs.stream().allMatch(r -> r.history().lastEvaluation().isPresent())) {
      return Optional.empty();
    }
    double gain = miou(runs.get(1)) - miou(runs.get(0));
    return Optional.of(
        new Gain(
            points(gain),
            "%s over %s".formatted(runs.get(1).name(), runs.get(0).name()),
            gain > 0));
  }

  private static double miou(ReportedRun run) {
    return run.history().lastEvaluation().orElseThrow().miou();
  }

  static List<Swatch> swatches(LabelSpace space) {
    return space.classes().stream().map(c -> new Swatch(c.name(), hex(c.rgb()))).toList();
  }

  static List<Specimen> gallery(List<ReportedRun> runs) {
    List<Specimen> specimens = new ArrayList<>();
    List<GalleryEntry> first = runs.get(0).gallery();
    for (int i = 0; i < first.size(); i++) {
      GalleryEntry entry = first.get(i);
      List<Figure> figures = new ArrayList<>();
      figures.add(figure(entry.image(), "Target image", ""));
      figures.add(figure(entry.truth(), "Truth", ""));
      for (ReportedRun run : runs) {
        GalleryEntry of = run.gallery().get(i);
        String right =
            Double.isNaN(of.accuracy()) ? "" : percent(of.accuracy()) + " % of pixels right";
        figures.add(figure(of.prediction(), caption(runs, run, "Prediction"), right));
      }
      for (ReportedRun run : runs) {
        for (GalleryEntry.LevelMap level : run.gallery().get(i).entropy()) {
          figures.add(
              figure(
                  level.map(),
                  caption(runs, run, "Entropy, " + level.level() + " level"),
                  String.format(Locale.ROOT, "mean %.2f", level.mean())));
        }
      }
      specimens.add(new Specimen(entry.id(), figures));
    }
    return specimens;
  }

  private static String caption(List<ReportedRun> runs, ReportedRun run, String text) {
    return runs.size() == 1 ? text : text + ", " + run.name();
  }

  private static Figure figure(Picture picture, String caption, String note) {
    return new Figure(
        picture.dataUri(),
        picture.width(),
        picture.height(),
        caption,
        note,
        picture.width() < SMALL_WIDTH);
  }

  /** One chart for each term that a run has. */
  static List<LossChart> lossCharts(List<LossCurves> runs) {
    return runs.stream()
        .flatMap(curves -> curves.names().stream())
        .map(LossCurves.Curve::loss)
        .distinct()
        .map(loss -> new LossChart(loss, heading(loss)))
        .toList();
  }

  private static String heading(String loss) {
    return loss.substring(0, 1).toUpperCase(Locale.ROOT) + loss.substring(1).replace('_', ' ');
  }

  static List<ScoreRow> scores(List<ReportedRun> runs) {
    List<ScoreRow> rows = new ArrayList<>();
    List<Swatch> classes = swatches(runs.get(0).classes());
    for (int c = 0; c < classes.size(); c++) {
      int index = c;
      List<Double> values = values(runs, e -> e.iou().get(index));
      if (runs.size() == 1) {
        values.addAll(values(runs, e -> e.scores().precision().get(index)));
        values.addAll(values(runs, e -> e.scores().recall().get(index)));
        values.addAll(values(runs, e -> e.scores().f1().get(index)));
      }
      rows.add(row(classes.get(c).name(), classes.get(c).colour(), values, runs.size(), false));
    }
    rows.add(ofAll("mIoU", runs, Evaluation::miou));
    rows.add(ofAll("pixel accuracy", runs, e -> e.scores().pixelAccuracy()));
    rows.add(ofAll("frequency-weighted IoU", runs, e -> e.scores().frequencyWeightedIou()));
    List<Double> errors = values(runs, e -> e.scores().calibrationError());
    // Here more is no gain.
    rows.add(row("calibration error", "", errors, 1, true));
    return rows;
  }

  /** The columns of the table of scores. */
  static List<String> scoreColumns(List<ReportedRun> runs) {
    return runs.size() == 1
        ? List.of("IoU", "precision", "recall", "F1")
        : runs.stream().map(ReportedRun::name).toList();
  }

  private static ScoreRow ofAll(
      String name, List<ReportedRun> runs, ToDoubleFunction<Evaluation> score) {
    return row(name, "", values(runs, score), runs.size(), true);
  }

  private static List<Double> values(List<ReportedRun> runs, ToDoubleFunction<Evaluation> value) {
    List<Double> values = new ArrayList<>();
    for (ReportedRun run : runs) {
      values.add(run.history().lastEvaluation().map(value::applyAsDouble).orElse(Double.NaN));
    }
    return values;
  }

  private static ScoreRow row(
      String name, String colour, List<Double> values, int runs, boolean total) {
    String gain = runs == 2 ? points(values.get(1) - values.get(0)) : "";
    List<String> cells = values.stream().map(PageModel::percent).toList();
    return new ScoreRow(name, colour, cells, gain, total);
  }

  static List<Confusion> confusions(List<ReportedRun> runs) {
    List<Confusion> matrices = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      int colour = colour(runs, i);
      ReportedRun run = runs.get(i);
      run.history()
          .lastEvaluation()
          .ifPresent(e -> matrices.add(confusion(run, colour, e.confusion())));
    }
    return matrices;
  }

  private static Confusion confusion(ReportedRun run, int colour, long[][] counts) {
    List<Swatch> classes = swatches(run.classes());
    List<ConfusionRow> rows = new ArrayList<>();
    for (int t = 0; t < counts.length; t++) {
      long all = java.util.Arrays.stream(counts[t]).sum();
      List<Cell> cells = new ArrayList<>();
      for (int p = 0; p < counts.length; p++) {
        double share = all == 0 ? 0 : (double) counts[t][p] / all;
        String title =
            "%s px of %s predicted as %s"
                .formatted(
                    FactsTable.count(counts[t][p]), classes.get(t).name(), classes.get(p).name());
        String text = share < 0.005 ? "" : String.valueOf(Math.round(100 * share));
        int strength = (int) Math.round(100 * share);
        cells.add(new Cell(all == 0 ? NONE : text, strength, ink(share), t == p, title));
      }
      rows.add(new ConfusionRow(classes.get(t).name(), classes.get(t).colour(), cells));
    }
    return new Confusion(run.name(), colour, rows);
  }

  /** On a dark page the text must turn dark earlier than it must turn white on a light one. */
  private static String ink(double share) {
    return share > 0.8 ? "strong stronger" : share > 0.6 ? "strong" : "";
  }

  /** Where the images come from, how long was trained, what was scored; of the first run. */
  static String lead(List<ReportedRun> runs) {
    var data = runs.get(0).config().data();
    String scored =
        runs.get(0)
            .facts()
            .map(f -> f.images().get("evaluation"))
            .map(n -> FactsTable.count(n) + " labelled images of ")
            .orElse("");
    return "From %s to %s, scored on %s%s/%s."
        .formatted(
            RunConfig.Domain.datasets(data.source()),
            RunConfig.Domain.datasets(data.target()),
            scored,
            data.evaluation().title(),
            data.evaluation().split());
  }

  static String percent(double fraction) {
    return Double.isFinite(fraction) ? String.format(Locale.ROOT, "%.1f", 100 * fraction) : NONE;
  }

  private static String points(double difference) {
    if (!Double.isFinite(difference)) {
      return NONE;
    }
    String text = String.format(Locale.ROOT, "%+.1f", 100 * difference);
    return text.matches("[+-]0\\.0") ? "0.0" : text.replace('-', '−');
  }

  static String hex(List<Integer> rgb) {
    return rgb.stream()
        .map(v -> String.format(Locale.ROOT, "%02x", v))
        .collect(Collectors.joining("", "#", ""));
  }
}
