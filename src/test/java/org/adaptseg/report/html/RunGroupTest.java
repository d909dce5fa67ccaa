package org.adaptseg.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.report.html.RunGroup.Spread;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunGroupTest {
  @TempDir Path directory;

  private ReportedRun run(String name, double miou, String... overrides) throws Exception {
    Path of = directory.resolve(name);
    Files.createDirectories(of);
    Files.writeString(
        of.resolve("metrics.jsonl"),
        """
        {"kind":"iteration","iteration":0,"segmentation":{"main":%1$s}}
        {"kind":"evaluation","iteration":10,"miou":%1$s,"iou":{%2$s},"confusion":%3$s}
        """
            .formatted(
                miou,
                String.join(
                    ",",
                    ResolvedData.labelSpace("synthetic-8").names().stream()
                        .map(n -> "\"" + n + "\":" + miou)
                        .toList()),
                java.util.Arrays.deepToString(new long[8][8])));
    return new ReportedRun(
        SampleReports.config(name, "adversarial", overrides),
        ResolvedData.labelSpace("synthetic-8"),
        Optional.empty(),
        RunHistory.read(
            new org.apache.hadoop.fs.Path(of.toUri()),
            100,
            ResolvedData.labelSpace("synthetic-8").names(),
            new Configuration()),
        List.of());
  }

  @Test
  void runsThatDifferInSeedNameAndOutputAreOneExperiment() throws Exception {
    List<RunGroup> groups =
        RunGroup.of(
            List.of(
                run("adapted-seed-1", 0.5, "run.seed=1", "output.dir=/a"),
                run("plain", 0.2, "run.seed=1", "loss.adversarial-weight={main: 0.1, aux: 0.1}"),
                run("adapted-seed-2", 0.6, "run.seed=2", "output.dir=/b")));

    assertThat(groups).extracting(RunGroup::name).containsExactly("adapted", "plain");
    Spread miou = groups.get(0).spread(RunHistory.Evaluation::miou);
    assertThat(miou.mean()).isCloseTo(0.55, within(1e-12));
    // The deviations are 0.05 each: √(2 · 0.0025 / 1).
    assertThat(miou.deviation()).isCloseTo(Math.sqrt(0.005), within(1e-12));
    assertThat(groups.get(1).spread(RunHistory.Evaluation::miou).deviation()).isNaN();

    Comparison.Table table = Comparison.scores(groups);
    assertThat(table.rows().get(0).cells().get(0).text()).isEqualTo("2");
    assertThat(table.rows().get(0).cells().get(1).text()).isEqualTo("55.0 ± 7.1");
    assertThat(table.rows().get(0).cells().get(1).title()).isEqualTo("seed 1: 50.0, seed 2: 60.0");
    assertThat(table.rows().get(0).cells().get(2))
        .as("no pixel was counted")
        .isEqualTo(new Comparison.Cell("–", "", "seed 1: –, seed 2: –"));
    assertThat(table.rows().get(1).cells().get(1).text()).isEqualTo("20.0");
  }

  @Test
  void whatExperimentsDifferInIsNamedByItsKeys() throws Exception {
    Comparison.Table settings =
        Comparison.settings(
            RunGroup.of(
                List.of(
                    run("a", 0.5, "optimizer.iter-size=2"),
                    run("b", 0.2, "model.levels={main: 4}"))));

    assertThat(settings.columns()).contains("optimizer.iter-size").doesNotContain("run.name");
    int column = settings.columns().indexOf("optimizer.iter-size");
    assertThat(settings.rows())
        .extracting(row -> row.cells().get(column).text())
        .containsExactly("2", "1");
  }

  @Test
  void curvesOfAGroupAreMeans() throws Exception {
    RunGroup group =
        RunGroup.of(List.of(run("x", 0.5, "run.seed=1"), run("y", 0.7, "run.seed=2"))).get(0);

    assertThat(group.name()).as("nothing in common").isEqualTo("x");
    assertThat(group.loss(group.curves().get(0)).get(0)[1]).isCloseTo(0.6, within(1e-12));
  }

  @Test
  void aPageOfManyRunsHasTablesAndCurvesOfAll() throws Exception {
    List<ReportedRun> runs = new java.util.ArrayList<>();
    for (int i = 0; i < 40; i++) {
      runs.add(
          run("run-" + i, i / 100.0, "optimizer.iter-size=" + (1 + i / 2), "run.seed=" + i % 2));
    }

    String html = ReportPage.render(runs);

    assertThat(html)
        .contains("<h1>40 runs of 20 experiments</h1>", "Every run by itself", ">38.5 ± 0.7<")
        .doesNotContain("What is taken for what", "Whole configuration");
  }
}
