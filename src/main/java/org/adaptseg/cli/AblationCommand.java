package org.adaptseg.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.adaptseg.config.RunConfig;
import org.adaptseg.job.AblationPlan;
import org.adaptseg.job.PlannedRun;
import org.adaptseg.job.process.Threaded;
import org.adaptseg.report.AblationResult;
import org.adaptseg.report.AblationTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the methods of the paper's tables, for several seeds, on one dataset pair and writes the
 * tables. Can be stopped and started again: a finished run is not repeated, an unfinished one goes
 * on from its newest checkpoint. Directories are local.
 */
@Command(
    name = "ablation",
    description = "Run the methods of the paper's tables on one pair and write the tables.",
    mixinStandardHelpOptions = true)
final class AblationCommand implements Callable<Integer>, Threaded {
  @Option(
      converter = LocationConverter.class,
      names = "--config",
      paramLabel = "FILE",
      description = "Base configuration with the levels aux and main; default: the demo's.")
  private String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a value of the base configuration; repeatable.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      converter = LocationConverter.Local.class,
      names = "--dir",
      defaultValue = "runs/ablation",
      description = "Directory of the runs; give it again to continue (${DEFAULT-VALUE}).")
  private Path directory;

  @Option(
      names = "--iterations",
      defaultValue = "1000",
      description = "Iterations of every run (${DEFAULT-VALUE}).")
  private long iterations;

  @Option(
      names = "--seeds",
      split = ",",
      defaultValue = "1,2,3",
      description = "Seeds of the methods table (${DEFAULT-VALUE}).")
  private List<Long> seeds;

  @Option(
      names = "--factors",
      split = ",",
      defaultValue = "0.5,1,2,4",
      description =
          "lambda_adv of the second table relative to the base's, for the first seed"
              + " (${DEFAULT-VALUE}).")
  private List<Double> factors;

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "NAME",
      description = "Rows of the methods table; default: all.")
  private List<String> methods = new ArrayList<>();

  @Option(
      names = "--also-over",
      split = ",",
      paramLabel = "CLASS",
      description = "Also average the IoU over these classes alone.")
  private List<String> some = new ArrayList<>();

  @Option(
      converter = LocationConverter.Local.class,
      names = "--tables",
      paramLabel = "FILE",
      description = "Markdown file whose generated section is replaced by the tables.")
  private Path tables;

  @Option(
      names = "--tables-only",
      description = "Run nothing; write the tables of the finished runs and list the missing ones.")
  private boolean tablesOnly;

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
    AblationPlan plan = new AblationPlan(runs.load(List.of()), iterations, seeds, factors, methods);
    if (!tablesOnly) {
      plan.base().initialWeights().require(runs.base());
    }
    plan.lambdas();
    PrintStream out = System.out;
    List<PlannedRun> planned = plan.runs();
    List<AblationResult> results = runs.results(planned, tablesOnly, out);
    String text = text(plan, results, planned.size());
    if (tables != null) {
      PlannedRuns.write(tables, "ablation", text);
    }
    out.println(text);
    return Main.DONE;
  }

  private String text(AblationPlan plan, List<AblationResult> results, int planned) {
    AblationTables all = new AblationTables(results);
    RunConfig base = plan.base();
    String setting =
        String.format(
            Locale.ROOT,
            "%d of %d runs finished. %s to %s, %d iterations each, one worker, last checkpoint,"
                + " mIoU in percent on %s, split %s (mean ± sample standard deviation over seeds"
                + " %s). Base configuration `%s`: lambda_adv %s; least squares takes ten"
                + " times the single-level lambda, as in the paper. Single-level, feature,"
                + " source-only and oracle runs have the main head alone.",
            results.size(),
            planned,
            RunConfig.Domain.datasets(base.data().source()),
            RunConfig.Domain.datasets(base.data().target()),
            iterations,
            base.data().evaluation().dataset(),
            base.data().evaluation().split(),
            seeds,
            runs().base(),
            base.loss().adversarialWeight());
    String methodsAlone =
        String.join(
            "\n",
            setting,
            "",
            "Published: GTA5 to Cityscapes, 19 classes, ResNet-101 (Tsai et al. 2018; entropy map and"
                + " MinEnt: Vu et al. 2019). Those of source only, single-level, multi-level, least squares and"
                + " oracle stand in the authors' repository; those of feature adaptation, the entropy"
                + " map alone, MinEnt and the sweep are quoted from memory of the papers.",
            "",
            all.methods(plan.rows(), AblationPlan.ORACLE, some),
            "IoU per class, mean over the seeds:",
            "",
            all.classes(plan.rows()));
    if (factors.equals(List.of(1.0))) {
      return methodsAlone;
    }
    return String.join(
        "\n",
        methodsAlone,
        "Sensitivity to lambda_adv, single-level, seed " + seeds.get(0) + ":",
        "",
        all.lambdas(plan.lambdas(), seeds.get(0)));
  }
}
