package org.adaptseg.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.adaptseg.config.RunConfig;
import org.adaptseg.job.PlannedRun;
import org.adaptseg.job.ScalingPlan;
import org.adaptseg.job.process.Threaded;
import org.adaptseg.report.AblationResult;
import org.adaptseg.report.ScalingTables;
import org.adaptseg.report.html.RunHistory;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures what several workers are worth: a grid of numbers of workers, averaging intervals and
 * rules for the learning rate, for several seeds. Can be stopped and started again, as {@link
 * PlannedRuns} says.
 */
@Command(
    name = "scaling",
    description = "Measure what several workers are worth and write the table.",
    mixinStandardHelpOptions = true)
final class ScalingCommand implements Callable<Integer>, Threaded {
  @Option(
      converter = LocationConverter.class,
      names = "--config",
      paramLabel = "FILE",
      description = "Base configuration; default: the demo's.")
  private String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a value of the base configuration; repeatable.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      converter = LocationConverter.Local.class,
      names = "--dir",
      defaultValue = "runs/scaling",
      description = "Directory of the runs; give it again to continue (${DEFAULT-VALUE}).")
  private Path directory;

  @Option(
      names = "--iterations",
      defaultValue = "2000",
      description = "Iterations of one worker; N workers make 1/N of them (${DEFAULT-VALUE}).")
  private long iterations;

  @Option(
      names = "--seeds",
      split = ",",
      defaultValue = "1,2,3",
      description = "Seeds of every cell (${DEFAULT-VALUE}).")
  private List<Long> seeds;

  @Option(
      names = "--workers",
      split = ",",
      defaultValue = "2,4,8,16",
      description = "Numbers of workers besides one (${DEFAULT-VALUE}).")
  private List<Integer> workers;

  @Option(
      names = "--intervals",
      split = ",",
      defaultValue = "20,1,5,100",
      description =
          "Averaging intervals; the first is the main one, at which all rules for the rate are"
              + " compared (${DEFAULT-VALUE}).")
  private List<Integer> intervals;

  @Option(
      converter = LocationConverter.Local.class,
      names = "--table",
      paramLabel = "FILE",
      description = "Markdown file whose generated section is replaced by the table.")
  private Path table;

  @Option(
      names = "--table-only",
      description = "Run nothing; write the table of the finished runs.")
  private boolean tableOnly;

  @Override
  public int threads() {
    return runs().load(List.of()).cluster().threadsPerWorker();
  }

  private PlannedRuns runs() {
    return new PlannedRuns(config, overrides, directory);
  }

  @Override
  public Integer call() throws Exception {
    PlannedRuns runs = runs();
    RunConfig base = runs.load(List.of());
    ScalingPlan plan = new ScalingPlan(base, iterations, seeds, workers, intervals);
    if (!tableOnly) {
      base.initialWeights().require(runs.base());
    }
    PrintStream out = System.out;
    List<PlannedRun> planned = plan.runs();
    List<AblationResult> results = runs.results(planned, tableOnly, out);
    String text = text(plan, results, planned.size());
    if (table != null) {
      PlannedRuns.write(table, "scaling", text);
    }
    out.println(text);
    return Main.DONE;
  }

  private String text(ScalingPlan plan, List<AblationResult> results, int planned)
      throws IOException {
    ScalingTables tables = new ScalingTables(plan.cells(), measured(plan, results));
    RunConfig base = plan.base();
    String setting =
        String.format(
            Locale.ROOT,
            "%d of %d runs finished. %s to %s, base configuration `%s`, %s; %d iterations stated"
                + " for one worker, seeds %s. mIoU in percent of the last checkpoint on the held-out"
                + " target split, mean ± sample standard deviation over the seeds, with the"
                + " statistics of batch normalisation taken again from target images. The one-worker"
                + " score is its mean less %s; the speed-up is in iterations.",
            results.size(),
            planned,
            RunConfig.Domain.datasets(base.data().source()),
            RunConfig.Domain.datasets(base.data().target()),
            runs().base(),
            overrides.isEmpty() ? "as it is" : "with " + String.join(", ", overrides),
            iterations,
            seeds,
            ScalingTables.MARGIN);
    return String.join("\n", setting, "", tables.table(), tables.chart());
  }

  /** With the course of each run, from its directory. */
  private List<ScalingTables.Run> measured(ScalingPlan plan, List<AblationResult> results)
      throws IOException {
    List<ScalingTables.Run> measured = new ArrayList<>();
    for (ScalingTables.Cell cell : plan.cells()) {
      for (AblationResult result : results) {
        if (!result.run().equals(cell.name())) {
          continue;
        }
        Path run = runs().directory(plan.run(cell, result.seed()));
        RunHistory history =
            RunHistory.read(
                new org.apache.hadoop.fs.Path(run.toUri()),
                cell.iterations(),
                result.classes(),
                new Configuration());
        TreeMap<Long, Double> curve = new TreeMap<>();
        history.evaluations().forEach(at -> curve.put(at.iteration(), at.miou()));
        double divergence = history.divergence().getOrDefault("generator", Double.NaN);
        measured.add(new ScalingTables.Run(cell, result.miou(), curve, divergence));
      }
    }
    return measured;
  }
}
