package org.adaptseg.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.store.Json;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.job.AblationPlan;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.Experiment;
import org.adaptseg.job.RunListeners;
import org.adaptseg.job.ScoresListener;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.job.TrainingJob;
import org.adaptseg.job.process.Threaded;
import org.adaptseg.metrics.Scores;
import org.adaptseg.report.AblationResult;
import org.adaptseg.report.AblationTables;
import org.adaptseg.report.GeneratedSection;
import org.adaptseg.spark.TrainingRun;
import org.apache.hadoop.conf.Configuration;
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
  private static final String RESULT = "result.json";

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
    return load(List.of()).cluster().threadsPerWorker();
  }

  private RunConfig load(List<String> more) {
    List<String> all = new ArrayList<>(overrides);
    all.addAll(more);
    if (config != null) {
      return Configurations.read(config, all);
    }
    return Configurations.demo(all);
  }

  @Override
  public Integer call() throws Exception {
    AblationPlan plan = new AblationPlan(load(List.of()), iterations, seeds, factors);
    if (!tablesOnly) {
      plan.base().initialWeights().require(config == null ? "conf/demo.yaml" : config);
    }
    plan.lambdas();
    PrintStream out = System.out;
    List<AblationPlan.Planned> runs = plan.runs();
    List<AblationResult> results = new ArrayList<>();
    int number = 0;
    for (AblationPlan.Planned run : runs) {
      number++;
      Experiment experiment = experiment(run);
      Optional<AblationResult> finished = finished(run, experiment);
      if (finished.isEmpty() && !tablesOnly) {
        out.printf(Locale.ROOT, "Run %d of %d: %s%n", number, runs.size(), run.directory());
        finished = Optional.of(train(run, experiment, out));
      }
      finished.ifPresent(results::add);
    }
    String text = text(plan, results, runs.size());
    if (tables != null) {
      String old = Files.exists(tables) ? Files.readString(tables) : "";
      String replaced = new GeneratedSection("ablation").replace(old, text);
      writeWhole(tables, replaced.getBytes(StandardCharsets.UTF_8));
    }
    out.println(text);
    return Main.DONE;
  }

  private Experiment experiment(AblationPlan.Planned run) throws IOException {
    List<String> all = new ArrayList<>(run.overrides());
    all.add("output.dir=" + directory.resolve(run.directory()));
    RunConfig loaded = load(all);
    return new Experiment(
        loaded, Configurations.hadoop(config == null ? "" : config), Experiment.output(loaded));
  }

  /** The result of a finished run; its file is written whole, after everything else. */
  private Optional<AblationResult> finished(AblationPlan.Planned run, Experiment experiment)
      throws IOException {
    Path file = directory.resolve(run.directory()).resolve(RESULT);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    AblationResult result = Json.read(Files.readAllBytes(file), AblationResult.class);
    if (!result.configuration().equals(experiment.hash())) {
      throw new IllegalStateException(
          "Cannot continue: expected a run of the same configuration, found another (%s); give another --dir, or remove it"
              .formatted(file.getParent()));
    }
    return Optional.of(result);
  }

  private AblationResult train(AblationPlan.Planned run, Experiment experiment, PrintStream out)
      throws IOException {
    ScoresListener scores = new ScoresListener(experiment);
    try (SparkHandle spark = SparkHandle.open(experiment.config())) {
      new TrainingJob(experiment)
          .run(
              spark,
              TrainingRun.Start.RESUME,
              RunListeners.of(experiment.config(), experiment, spark, out, scores));
    }
    Scores of = scores.scores();
    AblationResult result =
        new AblationResult(
            run.name(),
            run.seed(),
            experiment.hash(),
            experiment.classes(),
            of.iou().stream().map(v -> v.isNaN() ? null : v).toList(),
            of.miou());
    writeWhole(directory.resolve(run.directory()).resolve(RESULT), Json.indented(result));
    return result;
  }

  private static void writeWhole(Path file, byte[] content) throws IOException {
    WholeFile.write(new org.apache.hadoop.fs.Path(file.toUri()), content, new Configuration());
  }

  private String text(AblationPlan plan, List<AblationResult> results, int planned) {
    AblationTables all = new AblationTables(results);
    RunConfig base = plan.base();
    String setting =
        String.format(
            Locale.ROOT,
            "%d of %d runs finished. %s to %s, %d iterations each, one worker, last checkpoint,"
                + " mIoU in percent on the held-out target split (mean ± sample standard deviation"
                + " over seeds %s). Base configuration `%s`: lambda_adv %s; least squares takes ten"
                + " times the single-level lambda, as in the paper. Single-level, feature,"
                + " source-only and oracle runs have the main head alone.",
            results.size(),
            planned,
            RunConfig.Domain.datasets(base.data().source()),
            RunConfig.Domain.datasets(base.data().target()),
            iterations,
            seeds,
            config == null ? "conf/demo.yaml" : config,
            base.loss().adversarialWeight());
    return String.join(
        "\n",
        setting,
        "",
        "Published: GTA5 to Cityscapes, 19 classes, ResNet-101 (Tsai et al. 2018; entropy map: Vu"
            + " et al. 2019). Those of source only, single-level, multi-level, least squares and"
            + " oracle stand in the authors' repository; those of feature adaptation, the entropy"
            + " map alone and the sweep are quoted from memory of the papers.",
        "",
        all.methods(plan.rows(), AblationPlan.ORACLE),
        "IoU per class, mean over the seeds:",
        "",
        all.classes(plan.rows()),
        "Sensitivity to lambda_adv, single-level, seed " + seeds.get(0) + ":",
        "",
        all.lambdas(plan.lambdas(), seeds.get(0)));
  }
}
