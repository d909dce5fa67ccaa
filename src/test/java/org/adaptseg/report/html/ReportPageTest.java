package org.adaptseg.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.LabelSpace.ClassLabel;
import org.adaptseg.report.gallery.GalleryEntry;
import org.adaptseg.report.gallery.Picture;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report's file says, without a browser. */
class ReportPageTest {
  private static final LabelSpace TWO =
      new LabelSpace(
          "two",
          List.of(
              new ClassLabel("<script>alert(1)</script>", List.of(1, 2, 3)),
              new ClassLabel("sky & sea", List.of(4, 5, 6))));

  @TempDir Path directory;

  private static ReportedRun run(
      Path directory, String name, String phase, LabelSpace classes, String metrics, String... ids)
      throws Exception {
    Files.createDirectories(directory.resolve(name));
    Files.writeString(directory.resolve(name).resolve("metrics.jsonl"), metrics);
    Picture picture = Picture.heat(new float[] {0f, 1f}, 2, 1);
    RunConfig config = SampleReports.config(name, phase);
    return new ReportedRun(
        config,
        classes,
        Optional.empty(),
        RunHistory.read(
            new org.apache.hadoop.fs.Path(directory.resolve(name).toUri()),
            100,
            classes.names(),
            new Configuration()),
        java.util.Arrays.stream(ids)
            .map(id -> new GalleryEntry(id, picture, picture, picture, 0.5, List.of()))
            .toList());
  }

  private static String evaluation(long iteration, double miou) {
    return """
    {"kind":"evaluation","iteration":%d,"miou":%s,"iou":{"<script>alert(1)</script>":0.25,\
    "sky & sea":null},"confusion":[[3,1],[0,0]]}
    """
        .formatted(iteration, miou);
  }

  /** The page without the chart library, for shorter messages. */
  private static String page(List<ReportedRun> runs) {
    String html = ReportPage.render(runs);
    int library = html.indexOf("/*!");
    return html.substring(0, library) + html.substring(html.indexOf("</script>", library));
  }

  @Test
  void whatComesFromOutsideIsText() throws Exception {
    ReportedRun run =
        run(
            directory,
            "hostile",
            "adversarial",
            TWO,
            evaluation(10, 0.25),
            "\"><img src=x onerror=alert(2)>");

    String html = page(List.of(run));

    assertThat(html)
        .doesNotContain("<script>alert")
        .doesNotContain("<img src=x")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
        .contains("sky &amp; sea")
        .contains("\\u003cscript>alert(1)\\u003c/script>");
  }

  @Test
  void secretsOfTheConfigurationAreHidden() throws Exception {
    String html = page(List.of(run(directory, "r", "adversarial", TWO, "")));

    assertThat(html).contains("s3a://(hidden)@bucket/runs?token").doesNotContain("SESAME", "KEYID");
  }

  @Test
  void twoRunsAreSetAgainstEachOther() throws Exception {
    ReportedRun before = run(directory, "before", "source-only", TWO, evaluation(10, 0.25));
    ReportedRun after = run(directory, "after", "adversarial", TWO, evaluation(10, 0.375));

    String html = page(List.of(before, after));

    assertThat(html)
        .contains("before and after")
        .contains(">25.0<", ">37.5<", ">+12.5<")
        .contains("after over before")
        .contains("title=\"3 px of &lt;script&gt;");
  }

  @Test
  void aRunWithoutScoresOrPicturesHasAReportToo() throws Exception {
    String html = page(List.of(run(directory, "begun", "adversarial", TWO, "")));

    assertThat(html)
        .contains("not evaluated yet", "What was run", "150\u202f000 iterations")
        .doesNotContain("What the network sees", "Scores by class", "NaN");
  }

  @Test
  void runsThatCannotBeComparedAreRefused() throws Exception {
    ReportedRun one = run(directory, "one", "adversarial", TWO, "", "a");
    LabelSpace other = ResolvedData.labelSpace("synthetic-8");
    ReportedRun eight = run(directory, "eight", "adversarial", other, "", "a");
    ReportedRun elsewhere = run(directory, "elsewhere", "adversarial", TWO, "", "b");

    assertThatThrownBy(() -> ReportPage.render(List.of(one, eight)))
        .hasMessage(
            "Cannot compare runs: expected the classes of one, two, found synthetic-8 (eight)");
    assertThatThrownBy(() -> ReportPage.render(List.of(one, elsewhere)))
        .hasMessage(
            "Cannot compare runs: expected pictures of [a] as in one, found [b] (elsewhere)");
    assertThatThrownBy(() -> ReportPage.render(List.of()))
        .hasMessage("Cannot make a report: expected runs, found none");
  }

  @Test
  void theLargestReportHasFiveMegabytesAtMost() throws Exception {
    LabelSpace classes = SampleReports.cityscapes();
    ReportedRun one =
        SampleReports.run(
            directory.resolve("a"), SampleReports.config("a", "source-only"), classes);
    ReportedRun two =
        SampleReports.run(
            directory.resolve("b"), SampleReports.config("bb", "adversarial"), classes);

    assertThat(ReportPage.render(List.of(one, two)).length()).isLessThan(5_000_000);
  }

  @Test
  void theFileNamesNoOtherFile() throws Exception {
    String html = page(List.of(run(directory, "r", "adversarial", TWO, "", "a")));

    Matcher reference = Pattern.compile("(?:src|href)=\"(?!data:)([^\"]*)\"").matcher(html);
    assertThat(reference.results().map(r -> r.group(1)).toList()).isEmpty();
    assertThat(html)
        .contains("default-src 'none'")
        .doesNotContain("sourceMappingURL", "@import", "url(");
  }
}
