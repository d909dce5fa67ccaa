package org.adaptseg.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.Crop;
import org.adaptseg.config.yaml.StrictYaml;
import org.adaptseg.train.schedule.Schedule;

/** What was run, as rows of a table with a column per run. */
final class FactsTable {

  /**
   * One row.
   *
   * @param label what it says
   * @param differs whether the runs differ in it
   * @param cells one per run, or a single one where the runs do not differ
   * @param columns number of runs
   */
  record Row(String label, boolean differs, List<Cell> cells, int columns) {}

  /** What a run's column says. */
  record Cell(String run, String value) {}

  private FactsTable() {}

  /** The configuration without secrets, as YAML. */
  static String configuration(ReportedRun run) {
    return Redaction.ofYaml(ConfigLoader.toYaml(run.config()));
  }

  static List<Row> rows(List<ReportedRun> runs) {
    List<Map<String, String>> columns = runs.stream().map(FactsTable::column).toList();
    Set<String> labels = new LinkedHashSet<>();
    columns.forEach(column -> labels.addAll(column.keySet()));
    List<Row> rows = new ArrayList<>();
    for (String label : labels) {
      List<Cell> cells = new ArrayList<>();
      for (int i = 0; i < runs.size(); i++) {
        cells.add(new Cell(runs.get(i).name(), columns.get(i).getOrDefault(label, "–")));
      }
      boolean differs = cells.stream().map(Cell::value).distinct().count() > 1;
      rows.add(new Row(label, differs, differs ? cells : cells.subList(0, 1), runs.size()));
    }
    return rows;
  }

  private static Map<String, String> column(ReportedRun run) {
    RunConfig config = run.config();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Phases", phases(config));
    facts.put("Source images", domain(run, config.data().source(), "source"));
    facts.put("Target images", domain(run, config.data().target(), "target"));
    facts.put("Scored on", domain(run, List.of(config.data().evaluation()), "evaluation"));
    facts.put("Classes", run.classes().name() + " (" + run.classes().size() + ")");
    JsonNode tree = tree(run);
    facts.put("Networks", text(tree.path("model")));
    facts.put("Losses", text(tree.path("loss")));
    facts.put("Cluster", text(tree.path("cluster")));
    facts.put("Seed", String.valueOf(config.run().seed()));
    if (run.history().seconds() > 0) {
      facts.put("Training time", duration(run.history().seconds()));
    }
    if (!run.history().divergence().isEmpty()) {
      facts.put("Divergence of the workers", divergence(run.history().divergence()));
    }
    run.facts()
        .map(RunFacts::computation)
        .filter(computation -> !computation.isEmpty())
        .ifPresent(computation -> facts.put("Computed in", computation));
    run.facts()
        .ifPresent(
            of -> of.versions().forEach((name, version) -> facts.put(versionOf(name), version)));
    return facts;
  }

  private static String divergence(Map<String, Double> means) {
    return means.entrySet().stream()
        .map(of -> String.format(Locale.ROOT, "%s %.2f", of.getKey(), of.getValue()))
        .collect(Collectors.joining(", ", "", " of the way of their mean, over all rounds"));
  }

  private static String versionOf(String name) {
    return switch (name) {
      case "project" -> "adaptseg-spark";
      case "java" -> "Java";
      case "spark" -> "Spark";
      default -> name;
    };
  }

  static String phases(RunConfig config) {
    return Schedule.of(config).phases().stream()
        .map(p -> "%s, %s iterations".formatted(p.phase().key(), count(p.iterations())))
        .collect(Collectors.joining("; then "));
  }

  private static String domain(ReportedRun run, List<RunConfig.Domain> splits, String use) {
    double weights = splits.stream().mapToDouble(RunConfig.Domain::weight).sum();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < splits.size(); i++) {
      RunConfig.Domain split = splits.get(i);
      String share =
          splits.size() == 1
              ? ""
              : String.format(Locale.ROOT, "%.1f %% from ", 100 * split.weight() / weights);
      texts.add(share + split(run, split, RunConfig.Domain.key(use, i, splits.size())));
    }
    return String.join("; ", texts);
  }

  private static String split(ReportedRun run, RunConfig.Domain domain, String use) {
    String images =
        run.facts()
            .map(facts -> facts.images().get(use))
            .map(n -> ", " + count(n) + (n == 1 ? " image" : " images"))
            .orElse("");
    return String.format(
        Locale.ROOT,
        "%s/%s%s at %d × %d px%s",
        domain.title(),
        domain.split(),
        images,
        domain.width(),
        domain.height(),
        crop(domain.crop()));
  }

  private static String crop(Crop crop) {
    return crop.isNone()
        ? ""
        : String.format(
            Locale.ROOT, ", trained in crops of %d × %d px", crop.width(), crop.height());
  }

  private static JsonNode tree(ReportedRun run) {
    return StrictYaml.tree(configuration(run));
  }

  /** {@code key value} pairs of a section, as a person would list them. */
  private static String text(JsonNode node) {
    List<String> parts = new ArrayList<>();
    if (node.isObject()) {
      for (String key : (Iterable<String>) node::fieldNames) {
        JsonNode value = node.get(key);
        parts.add(key + " " + (value.isObject() ? "(" + text(value) + ")" : text(value)));
      }
    } else if (node.isArray()) {
      node.forEach(item -> parts.add(text(item)));
    } else {
      return node.isFloatingPointNumber()
          ? node.decimalValue().stripTrailingZeros().toPlainString()
          : node.asText();
    }
    return String.join(", ", parts);
  }

  static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n).replace(',', '\u202f');
  }

  private static String duration(double seconds) {
    long s = Math.round(seconds);
    if (s < 60) {
      return s + " s";
    }
    return s < 3600
        ? String.format(Locale.ROOT, "%d min %d s", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d h %d min", s / 3600, s % 3600 / 60);
  }
}
