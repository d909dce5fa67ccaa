package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.report.html.ReportPage;
import org.adaptseg.report.html.ReportedRun;
import org.adaptseg.report.html.SampleReports;
import org.adaptseg.testing.Chromium;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reports of real runs and of very large ones, as a browser shows them. */
@Tag("slow")
class ReportTest {
  /** Texts that leave their box or the page; what scrolls inside its own box is not one of them. */
  private static final String OVERFLOWING =
      """
      (() => {
        document.querySelectorAll('details').forEach(d => { d.open = true; });
        const page = document.documentElement;
        const found = [];
        if (page.scrollWidth > page.clientWidth) found.push(`page is ${page.scrollWidth} wide`);
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const node = walker.currentNode;
          let box = node.parentElement;
          if (!node.textContent.trim() || !box.checkVisibility() || box.closest('script')) continue;
          while (getComputedStyle(box).display.startsWith('inline')) box = box.parentElement;
          const range = document.createRange();
          range.selectNodeContents(node);
          const text = range.getBoundingClientRect();
          const outer = box.getBoundingClientRect();
          const scrolls = box.closest('.scroll') !== null;
          const leaves = text.left < outer.left - 1.5 || text.right > outer.right + 1.5
            || text.top < outer.top - 3 || text.bottom > outer.bottom + 3;
          const off = !scrolls && (text.left < -1 || text.right > page.clientWidth + 1);
          if (leaves || off) found.push(node.textContent.trim().slice(0, 60));
        }
        return found;
      })()
      """;

  private static final String BROKEN_PICTURES =
      """
      Promise.all([...document.images].map(i => i.decode().then(() => null, () => i.alt)))
        .then(broken => broken.filter(alt => alt !== null))
      """;

  /** Charts on which nothing is painted. */
  private static final String BLANK_CHARTS =
      """
      [...document.querySelectorAll('canvas')].filter(c => c.checkVisibility()).filter(c =>
        !c.width || !c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v))
        .map(c => c.getAttribute('aria-label'))
      """;

  private static final String BRIGHTNESS =
      """
      getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).slice(0, 3)
        .reduce((sum, v) => sum + Number(v), 0) / 765
      """;

  @TempDir static Path directory;
  private static Chromium browser;

  @BeforeAll
  static void makeReports() throws Exception {
    browser = Chromium.start();
    train("runs/source-only", "source-only");
    train("runs/adapted", "adversarial");
    assertThat(Main.run("report", at("runs"))).isEqualTo(Main.DONE);
    LabelSpace classes = SampleReports.cityscapes();
    List<ReportedRun> large = new ArrayList<>();
    for (String name : List.of("source-only", "a".repeat(100))) {
      large.add(
          SampleReports.run(
              directory.resolve("large").resolve(name),
              SampleReports.config(name, "adversarial"),
              classes));
    }
    ReportPage.write(
        large,
        new org.apache.hadoop.fs.Path(at("large"), "report/index.html"),
        new Configuration());
    makeComparison(classes);
  }

  /** Thirteen runs of five experiments, one of which has a name of a hundred letters. */
  private static void makeComparison(LabelSpace classes) throws Exception {
    List<ReportedRun> runs = new ArrayList<>();
    List<String> names = List.of("source-only", "adapted", "entropy", "b".repeat(90), "other");
    for (int i = 0; i < names.size(); i++) {
      for (int seed = 1; seed <= (i == 4 ? 1 : 3); seed++) {
        String name = names.get(i) + "-seed-" + seed;
        runs.add(
            SampleReports.run(
                directory.resolve("comparison").resolve(name),
                SampleReports.config(
                    name,
                    i == 0 ? "source-only" : "adversarial",
                    "run.seed=" + seed,
                    "loss.adversarial-weight={main: %s, aux: 0.0002}".formatted((i + 1) / 1000.0),
                    "output.dir=/runs/" + name),
                classes));
      }
    }
    ReportPage.write(
        runs,
        new org.apache.hadoop.fs.Path(at("comparison"), "report/index.html"),
        new Configuration());
  }

  @AfterAll
  static void closeBrowser() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  private static String at(String relative) {
    return directory.resolve(relative).toString();
  }

  private static void train(String relative, String phase) {
    String domain =
        "{dataset: synthetic-%s, split: %s, width: 64, height: 32}".formatted("%s", "%s");
    String yaml =
        """
        run: {name: %s}
        schedule: {phases: [{phase: %s, iterations: 8}]}
        output: {dir: "%s"}
        data: {classes: synthetic-8, source: %s, target: %s, evaluation: %s}
        model: {layers: [1, 1, 1, 1], base-width: 4, head-rates: [1], discriminator-width: 4}
        cluster: {workers: 1, threads-per-worker: 1, averaging-interval: 4}
        evaluation: {interval: 4}
        """
            .formatted(
                Path.of(relative).getFileName(),
                phase,
                at(relative),
                domain.formatted("source", "train"),
                domain.formatted("target", "train"),
                domain.formatted("target", "val"));
    Path file = directory.resolve(phase + ".yaml");
    try {
      Files.writeString(file, yaml);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    assertThat(Main.run("train", "--config", file.toString())).isEqualTo(Main.DONE);
  }

  @ParameterizedTest
  @CsvSource({
    "runs, 5, 32",
    "runs/source-only, 3, 20",
    "runs/adapted, 5, 20",
    "large, 5, 32",
    "comparison, 4, 0"
  })
  void everyPictureAndChartIsThereAndNoTextOverflows(String report, int charts, int pictures)
      throws Exception {
    Path file = directory.resolve(report).resolve("report/index.html");
    for (int width : new int[] {390, 1280}) {
      for (boolean dark : new boolean[] {false, true}) {
        String view = "%s at %d, %s".formatted(report, width, dark ? "dark" : "light");
        browser.look(width, 900, dark);
        browser.open(file.toUri());

        assertThat(texts(browser.evaluate(BROKEN_PICTURES))).as(view).isEmpty();
        assertThat(browser.evaluate("document.images.length").asInt()).as(view).isEqualTo(pictures);
        assertThat(browser.evaluate("document.documentElement.dataset.drawn").asInt())
            .as(view)
            .isEqualTo(charts);
        assertThat(texts(browser.evaluate(BLANK_CHARTS))).as(view).isEmpty();
        assertThat(texts(browser.evaluate(OVERFLOWING))).as(view).isEmpty();
        double brightness = browser.evaluate(BRIGHTNESS).asDouble();
        assertThat(brightness < 0.3).as(view + ": " + brightness).isEqualTo(dark);
        assertThat(browser.problems()).as(view).isEmpty();
        assertThat(browser.requests())
            .as(view)
            .allMatch(url -> url.startsWith("data:") || url.equals(file.toUri().toString()));
        keep(report, width, dark);
      }
    }
  }

  /** For whoever wants to look at them: -Dscreenshots=DIR. */
  private static void keep(String report, int width, boolean dark) throws Exception {
    String kept = System.getProperty("screenshots");
    if (kept != null) {
      Files.createDirectories(Path.of(kept));
      String name =
          "%s-%d-%s.png".formatted(report.replace('/', '-'), width, dark ? "dark" : "light");
      Files.write(Path.of(kept, name), browser.screenshot());
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  @Test
  void theReportOfSeveralRunsNamesAllAndTheirScores() throws Exception {
    String html = Files.readString(directory.resolve("runs/report/index.html"));

    assertThat(html)
        .contains("<h1>source-only and adapted</h1>")
        .contains("source-only, 8 iterations", "adversarial, 8 iterations")
        .contains("synthetic-target/val, 100 images at 64 × 32 px");
  }

  private static List<String> column(int number) throws Exception {
    return texts(
        browser.evaluate(
            "[...document.querySelector('table.sortable').tBodies[0].rows]"
                + ".map(row => row.cells[%d].textContent)".formatted(number)));
  }

  private static void click(int column) throws Exception {
    browser.evaluate(
        "document.querySelector('table.sortable').tHead.rows[0].cells[%d]".formatted(column)
            + ".querySelector('button').click()");
  }

  @Test
  void aClickOnAColumnsNameSortsByIt() throws Exception {
    browser.look(1280, 900, false);
    browser.open(directory.resolve("comparison/report/index.html").toUri());
    List<String> names = column(0);
    assertThat(names).hasSize(5).startsWith("source-only", "adapted", "entropy");

    click(2);
    List<Double> miou =
        column(2).stream().map(text -> Double.parseDouble(text.replaceAll(" .*", ""))).toList();
    assertThat(miou).isSortedAccordingTo(java.util.Comparator.reverseOrder());
    assertThat(column(2)).filteredOn(text -> text.contains(" ± ")).hasSize(4);
    click(2);
    assertThat(column(2)).isEqualTo(reversed(miou, column(2)));
    click(0);
    assertThat(column(0)).isSorted();
    assertThat(browser.problems()).isEmpty();
  }

  /** The texts in the order of the numbers from the lowest. */
  private static List<String> reversed(List<Double> numbers, List<String> texts) {
    List<Double> up = numbers.stream().sorted().toList();
    assertThat(texts.stream().map(t -> Double.parseDouble(t.replaceAll(" .*", ""))).toList())
        .isEqualTo(up);
    return texts;
  }

  @Test
  void aReportMadeAnewIsTheSame() throws Exception {
    Path first = directory.resolve("runs/adapted/report/index.html");
    Path again = directory.resolve("again.html");

    assertThat(Main.run("report", at("runs/adapted"), "--output", again.toString()))
        .isEqualTo(Main.DONE);

    assertThat(again).hasSameTextualContentAs(first);
  }

  @Test
  void aDirectoryThatHoldsNoRunIsRefused() throws Exception {
    Files.createDirectories(directory.resolve("empty"));

    assertThat(Main.run("report", at("empty"))).isEqualTo(Main.BAD_USAGE);
  }
}
