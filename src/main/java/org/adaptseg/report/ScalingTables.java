package org.adaptseg.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.adaptseg.config.Cluster.RateScaling;
import org.adaptseg.config.yaml.Names;

/**
 * What several workers are worth, as Markdown: mIoU over the seeds, and how many iterations it took
 * to come to the score of one worker. A cell without a finished run is left empty.
 */
public final class ScalingTables {
  /** How far below the score of one worker, in points of mIoU, counts as having come to it. */
  public static final double MARGIN = 0.5;

  private static final String NONE = "–";
  private static final int PERCENT = 100;

  /**
   * A cell of the grid.
   *
   * @param name of the variant
   * @param workers number of workers
   * @param interval averaging interval
   * @param rate how the generator's learning rate grows with the workers
   * @param warmup share of the run in which it rises
   * @param outer what the step on the mean is called; empty for the plain mean
   * @param iterations of the run
   */
  public record Cell(
      String name,
      int workers,
      int interval,
      RateScaling rate,
      double warmup,
      String outer,
      long iterations) {}

  /**
   * A finished run of a cell.
   *
   * @param miou of the last checkpoint, a fraction
   * @param curve mIoU by iterations made
   * @param divergence of the generator, mean over the rounds; NaN if unknown
   */
  public record Run(Cell cell, double miou, TreeMap<Long, Double> curve, double divergence) {}

  private final List<Cell> cells;
  private final List<Run> runs;

  /**
   * @param cells of the grid, one worker first
   * @param runs the finished ones
   */
  public ScalingTables(List<Cell> cells, List<Run> runs) {
    this.cells = List.copyOf(cells);
    this.runs = List.copyOf(runs);
  }

  private List<Run> of(Cell cell) {
    return runs.stream().filter(run -> run.cell().equals(cell)).toList();
  }

  private OptionalDouble miou(Cell cell) {
    return of(cell).stream().mapToDouble(run -> PERCENT * run.miou()).average();
  }

  /** Mean iterations to the one-worker score, once all runs of a cell come to it. */
  private OptionalDouble iterations(Cell cell) {
    OptionalDouble one = miou(cells.get(0));
    if (one.isEmpty() || reached(cell, one.getAsDouble()).size() < of(cell).size()) {
      return OptionalDouble.empty();
    }
    return reached(cell, one.getAsDouble()).stream().mapToLong(i -> i).average();
  }

  private List<Long> reached(Cell cell, double one) {
    List<Long> reached = new ArrayList<>();
    for (Run run : of(cell)) {
      run.curve().entrySet().stream()
          .filter(at -> PERCENT * at.getValue() >= one - MARGIN)
          .findFirst()
          .ifPresent(at -> reached.add(at.getKey()));
    }
    return reached;
  }

  /** The table: a row per cell. */
  public String table() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| workers | interval | generator's rate | seeds | mIoU | to one worker | divergence |"
            + " iterations | of them to the one-worker score | speed-up |");
    lines.add("|---|---|---|---|---|---|---|---|---|---|");
    cells.forEach(cell -> lines.add(row(cell)));
    return String.join("\n", lines) + "\n";
  }

  private String row(Cell cell) {
    List<Run> finished = of(cell);
    OptionalDouble miou = miou(cell);
    OptionalDouble one = miou(cells.get(0));
    boolean known = miou.isPresent() && one.isPresent();
    double difference = known ? miou.getAsDouble() - one.getAsDouble() : 0;
    OptionalDouble to = iterations(cell);
    OptionalDouble oneTo = iterations(cells.get(0));
    String missed =
        known && to.isEmpty()
            ? String.format(
                Locale.ROOT,
                "%d of %d runs",
                reached(cell, one.getAsDouble()).size(),
                finished.size())
            : NONE;
    List<Double> all = finished.stream().map(run -> PERCENT * run.miou()).toList();
    return String.join(
        " | ",
        "| " + cell.workers(),
        cell.workers() == 1 ? NONE : String.valueOf(cell.interval()),
        cell.workers() == 1 ? "×1" : rate(cell),
        String.valueOf(finished.size()),
        miou.isEmpty()
            ? NONE
            : String.format(
                Locale.ROOT, "%.2f ± %.2f", miou.getAsDouble(), AblationTables.deviation(all)),
        known ? String.format(Locale.ROOT, "%+.2f", difference) : NONE,
        finished.stream().mapToDouble(Run::divergence).filter(Double::isFinite).average().stream()
            .mapToObj(mean -> String.format(Locale.ROOT, "%.2f", mean))
            .findFirst()
            .orElse(NONE),
        String.valueOf(cell.iterations()),
        to.isEmpty() ? missed : String.format(Locale.ROOT, "%.0f", to.getAsDouble()),
        to.isEmpty() || oneTo.isEmpty()
            ? NONE + " |"
            : String.format(Locale.ROOT, "%.1f |", oneTo.getAsDouble() / to.getAsDouble()));
  }

  private static String rate(Cell cell) {
    String factor =
        switch (cell.rate()) {
          case LINEAR -> "×" + cell.workers();
          case SQUARE_ROOT -> "×√" + cell.workers();
          case NONE -> "×1";
        };
    String outer = cell.outer().isEmpty() ? "" : ", outer step " + cell.outer();
    return cell.warmup() > 0
        ? String.format(
            Locale.ROOT, "%s after a warm-up of %.0f %%%s", factor, 100 * cell.warmup(), outer)
        : factor + outer;
  }

  /** A Mermaid chart of mIoU over workers, a line per rule; empty without runs of several. */
  public String chart() {
    TreeMap<String, TreeMap<Integer, Double>> lines = new TreeMap<>();
    for (Cell cell : cells) {
      if (cell.workers() > 1 && miou(cell).isPresent()) {
        String rule =
            String.format(
                Locale.ROOT,
                "interval %d, %s%s%s",
                cell.interval(),
                Names.key(cell.rate()),
                cell.warmup() > 0 ? ", warm-up" : "",
                cell.outer().isEmpty() ? "" : ", " + cell.outer());
        lines
            .computeIfAbsent(rule, key -> new TreeMap<>())
            .put(cell.workers(), miou(cell).getAsDouble());
      }
    }
    OptionalDouble one = miou(cells.get(0));
    int most = lines.values().stream().mapToInt(TreeMap::size).max().orElse(0);
    lines.values().removeIf(line -> line.size() < most);
    if (lines.isEmpty() || one.isEmpty()) {
      return "";
    }
    List<Integer> workers = new ArrayList<>(List.of(1));
    workers.addAll(lines.firstEntry().getValue().keySet());
    lines.values().removeIf(line -> !line.keySet().equals(lines.firstEntry().getValue().keySet()));
    List<String> text = new ArrayList<>();
    text.add("Lines: " + String.join("; ", lines.keySet()) + ".");
    text.add("");
    text.add("```mermaid");
    text.add("xychart-beta");
    text.add("  title \"mIoU over workers, the same images in all runs\"");
    text.add("  x-axis \"workers\" " + workers);
    text.add("  y-axis \"mIoU in percent\"");
    for (TreeMap<Integer, Double> line : lines.values()) {
      String values =
          line.values().stream()
              .map(value -> String.format(Locale.ROOT, "%.2f", value))
              .collect(Collectors.joining(", "));
      text.add(String.format(Locale.ROOT, "  line [%.2f, %s]", one.getAsDouble(), values));
    }
    text.add("```");
    return String.join("\n", text) + "\n";
  }
}
