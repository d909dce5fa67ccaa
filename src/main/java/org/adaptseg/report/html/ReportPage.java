package org.adaptseg.report.html;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.adaptseg.config.yaml.Secrets;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.report.gallery.GalleryEntry;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Makes the page. Whatever comes from outside is escaped by the template; pictures, style, script
 * and the chart library are part of the file, and its content policy forbids everything else.
 */
public final class ReportPage {
  /**
   * Runs that are shown side by side, with pictures and confusion matrices; of more there are
   * tables and curves.
   */
  public static final int SIDE_BY_SIDE = 4;

  private ReportPage() {}

  /**
   * The page of one run, or of any number.
   *
   * @param runs runs with the same classes and, where they are shown side by side, pictures of the
   *     same images
   * @return HTML
   * @throws IllegalArgumentException if they cannot be compared
   */
  public static String render(List<ReportedRun> runs) {
    requireComparable(runs);
    Map<String, Object> model = new LinkedHashMap<>();
    boolean sideBySide = runs.size() <= SIDE_BY_SIDE;
    model.put("lead", Secrets.hide(PageModel.lead(runs)));
    model.put("hasScores", runs.stream().anyMatch(r -> !r.history().evaluations().isEmpty()));
    model.put("hasCourse", runs.stream().anyMatch(r -> r.history().evaluations().size() > 1));
    model.put("hasTwo", runs.size() == 2);
    model.put("hasSeveral", runs.size() > 1);
    model.put("sideBySide", sideBySide);
    List<RunGroup> groups = RunGroup.of(runs);
    compare(runs, groups, model);
    if (sideBySide) {
      showSideBySide(runs, model);
    } else {
      model.put("title", PageModel.title(runs, groups));
      model.put("best", PageModel.best(groups));
      model.put("data", ChartData.ofGroups(groups).json());
    }
    List<LossCurves> curves = runs.stream().map(r -> r.history().losses()).toList();
    List<PageModel.LossChart> charts = PageModel.lossCharts(curves);
    model.put("losses", charts);
    model.put("hasLosses", !charts.isEmpty());
    long bin = curves.stream().mapToLong(LossCurves::binWidth).max().orElse(1);
    model.put(
        "lossNote",
        bin == 1
            ? ""
            : String.format(Locale.ROOT, "Each point is the mean of %d iterations.", bin));
    model.put("style", resource("/report/report.css"));
    model.put("script", resource("/report/report.js"));
    model.put("library", chartLibrary());
    Template template = Mustache.compiler().compile(resource("/report/index.mustache"));
    return template.execute(model);
  }

  private static void compare(
      List<ReportedRun> runs, List<RunGroup> groups, Map<String, Object> model) {
    List<RunGroup> single = runs.stream().map(r -> new RunGroup(r.name(), List.of(r))).toList();
    boolean grouped = groups.size() < runs.size();
    Comparison.Table settings = Comparison.settings(groups);
    model.put("table", Comparison.scores(groups));
    model.put("classTable", Comparison.classes(groups));
    model.put("settings", settings);
    model.put("hasSettings", !settings.columns().isEmpty());
    model.put("singles", grouped ? List.of(Comparison.scores(single)) : List.of());
    model.put("grouped", grouped);
    // A few runs of an experiment each are compared by what is shown of them side by side.
    model.put("compared", grouped || runs.size() > SIDE_BY_SIDE);
  }

  private static void showSideBySide(List<ReportedRun> runs, Map<String, Object> model) {
    model.put("title", PageModel.title(runs));
    model.put("headlines", PageModel.headlines(runs));
    model.put("gain", PageModel.gain(runs).map(List::of).orElse(List.of()));
    model.put("classes", PageModel.swatches(runs.get(0).classes()));
    model.put("gallery", PageModel.gallery(runs));
    model.put("hasGallery", !runs.get(0).gallery().isEmpty());
    model.put("columns", runs.size() == 1 ? "three" : "four");
    model.put("scoreColumns", PageModel.scoreColumns(runs));
    model.put("scores", PageModel.scores(runs));
    model.put("confusions", PageModel.confusions(runs));
    model.put("facts", FactsTable.rows(runs));
    model.put("names", runs.stream().map(ReportedRun::name).toList());
    model.put(
        "configurations",
        runs.stream()
            .map(r -> new PageModel.Configuration(r.name(), FactsTable.configuration(r)))
            .toList());
    model.put("data", ChartData.of(runs).json());
  }

  private static void requireComparable(List<ReportedRun> runs) {
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("Cannot make a report: expected runs, found none");
    }
    ReportedRun first = runs.get(0);
    for (ReportedRun run : runs) {
      if (!run.classes().equals(first.classes())) {
        throw new IllegalArgumentException(
            "Cannot compare runs: expected the classes of %s, %s, found %s (%s)"
                .formatted(first.name(), first.classes().name(), run.classes().name(), run.name()));
      }
      if (runs.size() <= SIDE_BY_SIDE && !images(run).equals(images(first))) {
        throw new IllegalArgumentException(
            "Cannot compare runs: expected pictures of %s as in %s, found %s (%s)"
                .formatted(images(first), first.name(), images(run), run.name()));
      }
    }
  }

  private static List<String> images(ReportedRun run) {
    return run.gallery().stream().map(GalleryEntry::id).toList();
  }

  /**
   * Writes the page to any Hadoop file system, replacing another as a whole.
   *
   * @param file for example {@code RUN/report/index.html}
   */
  public static void write(List<ReportedRun> runs, Path file, Configuration hadoop)
      throws IOException {
    byte[] html = render(runs).getBytes(StandardCharsets.UTF_8);
    WholeFile.write(file, html, hadoop);
  }

  private static String chartLibrary() {
    Properties versions = new Properties();
    try (InputStream in = open("/report.properties")) {
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String path =
        "/META-INF/resources/webjars/chart.js/%s/dist/chart.umd.js"
            .formatted(versions.getProperty("chart.js"));
    // Its last line names a source map, which a browser's tools would look for.
    return resource(path).replaceAll("(?m)^//# sourceMappingURL=.*$", "");
  }

  private static String resource(String path) {
    try (InputStream in = open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String path) {
    InputStream in = ReportPage.class.getResourceAsStream(path);
    if (in == null) {
      throw new IllegalStateException(
          "Cannot make a report: expected the resource %s in the jar, found none".formatted(path));
    }
    return in;
  }
}
