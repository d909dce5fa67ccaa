package org.adaptseg.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * The paper's tables from the results of an ablation, as Markdown: mIoU over the seeds beside the
 * published numbers, IoU per class, and the sensitivity to lambda_adv. A run that is not there
 * leaves its cell empty.
 */
public final class AblationTables {
  private static final String NONE = "–";
  private static final double PUBLISHED_ORACLE = 65.1;

  /**
   * A row of the tables.
   *
   * @param run name of the variant
   * @param title what the row is called
   * @param published mIoU on GTA5 to Cityscapes with ResNet-101, in percent; empty where none
   */
  public record Row(String run, String title, OptionalDouble published) {}

  /**
   * A column of the table of lambdas.
   *
   * @param lambda lambda_adv of the main level
   * @param feature name of the variant that adapts features
   * @param output name of the variant that adapts predictions
   * @param publishedFeature mIoU in the paper, in percent
   * @param publishedOutput mIoU in the paper, in percent
   */
  public record Lambda(
      double lambda,
      String feature,
      String output,
      double publishedFeature,
      double publishedOutput) {}

  private final Map<String, List<AblationResult>> results;

  /**
   * @param results of any number of variants and seeds
   */
  public AblationTables(List<AblationResult> results) {
    this.results = results.stream().collect(Collectors.groupingBy(AblationResult::run));
  }

  private List<AblationResult> of(String run) {
    return results.getOrDefault(run, List.of());
  }

  private OptionalDouble mean(String run) {
    return of(run).stream().mapToDouble(r -> 100 * r.miou()).average();
  }

  /** Sample standard deviation in percent points; 0 of a single run. */
  static double deviation(List<Double> values) {
    double mean = values.stream().mapToDouble(v -> v).average().orElse(0);
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    return values.size() < 2 ? 0 : Math.sqrt(squares / (values.size() - 1));
  }

  private static String number(OptionalDouble value, String format) {
    return value.isEmpty() ? NONE : String.format(Locale.ROOT, format, value.getAsDouble());
  }

  private static OptionalDouble less(OptionalDouble value, OptionalDouble than) {
    return value.isEmpty() || than.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(value.getAsDouble() - than.getAsDouble());
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String head(List<String> cells) {
    return row(cells) + "|" + "---|".repeat(cells.size()) + "\n";
  }

  /**
   * mIoU of every row with its gap to the oracle, ours and published.
   *
   * @param oracle name of the variant that is the bound
   * @param some classes over which another mean is taken, in a column of its own; none for no such
   *     column
   */
  public String methods(List<Row> rows, String oracle, List<String> some) {
    List<String> title = new ArrayList<>(List.of("method", "seeds", "mIoU"));
    if (!some.isEmpty()) {
      title.add(String.format(Locale.ROOT, "mIoU of %d classes", some.size()));
    }
    title.addAll(List.of("gap to oracle", "published mIoU", "published gap"));
    StringBuilder text = new StringBuilder(head(title));
    OptionalDouble bound = mean(oracle);
    OptionalDouble publishedBound = OptionalDouble.of(PUBLISHED_ORACLE);
    for (Row r : rows) {
      List<AblationResult> runs = of(r.run());
      List<String> cells = new ArrayList<>(List.of(r.title(), String.valueOf(runs.size())));
      cells.add(meanAndDeviation(runs.stream().map(x -> 100 * x.miou()).toList()));
      if (!some.isEmpty()) {
        cells.add(meanAndDeviation(runs.stream().map(x -> 100 * x.miou(some)).toList()));
      }
      cells.add(number(less(mean(r.run()), bound), "%+.2f"));
      cells.add(number(r.published(), "%.1f"));
      cells.add(number(less(r.published(), publishedBound), "%+.1f"));
      text.append(row(cells));
    }
    if (!some.isEmpty()) {
      text.append("\nThe ")
          .append(some.size())
          .append(" classes: ")
          .append(String.join(", ", some))
          .append(".\n");
    }
    return text.toString();
  }

  private static String meanAndDeviation(List<Double> values) {
    OptionalDouble mean = values.stream().mapToDouble(v -> v).average();
    return number(mean, "%.2f")
        + (values.size() < 2 ? "" : String.format(Locale.ROOT, " ± %.2f", deviation(values)));
  }

  /** Mean IoU per class of every row. */
  public String classes(List<Row> rows) {
    List<String> names =
        results.values().stream()
            .flatMap(List::stream)
            .findAny()
            .map(AblationResult::classes)
            .orElse(List.of());
    List<String> title = new ArrayList<>(List.of("method"));
    title.addAll(names);
    StringBuilder text = new StringBuilder(head(title));
    for (Row r : rows) {
      List<String> cells = new ArrayList<>(List.of(r.title()));
      for (int c = 0; c < names.size(); c++) {
        int k = c;
        cells.add(
            number(
                of(r.run()).stream()
                    .map(x -> x.iou().get(k))
                    .filter(Objects::nonNull)
                    .mapToDouble(v -> 100 * v)
                    .average(),
                "%.1f"));
      }
      text.append(row(cells));
    }
    return text.toString();
  }

  private OptionalDouble of(String run, long seed) {
    return of(run).stream()
        .filter(r -> r.seed() == seed)
        .mapToDouble(r -> 100 * r.miou())
        .average();
  }

  /**
   * mIoU for every lambda_adv, in feature and output space, with the published numbers.
   *
   * @param seed the seed whose runs are compared
   */
  public String lambdas(List<Lambda> lambdas, long seed) {
    List<String> title = new ArrayList<>(List.of("lambda_adv"));
    lambdas.forEach(
        l ->
            title.add(
                new BigDecimal(Double.toString(l.lambda())).stripTrailingZeros().toPlainString()));
    title.add("range");
    StringBuilder text = new StringBuilder(head(title));
    text.append(line("feature", lambdas.stream().map(l -> of(l.feature(), seed)).toList()));
    text.append(line("output", lambdas.stream().map(l -> of(l.output(), seed)).toList()));
    text.append(
        line(
            "published, feature, lambda_adv 0.0005 to 0.004",
            lambdas.stream().map(l -> OptionalDouble.of(l.publishedFeature())).toList()));
    text.append(
        line(
            "published, output, lambda_adv 0.0005 to 0.004",
            lambdas.stream().map(l -> OptionalDouble.of(l.publishedOutput())).toList()));
    return text.toString();
  }

  private static String line(String name, List<OptionalDouble> values) {
    List<String> cells = new ArrayList<>(List.of(name));
    values.forEach(v -> cells.add(number(v, "%.2f")));
    OptionalDouble most = values.stream().flatMapToDouble(OptionalDouble::stream).max();
    OptionalDouble least = values.stream().flatMapToDouble(OptionalDouble::stream).min();
    boolean all = values.stream().allMatch(OptionalDouble::isPresent);
    cells.add(all ? number(less(most, least), "%.2f") : NONE);
    return row(cells);
  }
}
