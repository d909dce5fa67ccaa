package org.adaptseg.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.RunConfig;
import org.adaptseg.job.BestOnTarget;
import org.adaptseg.job.Experiment;
import org.adaptseg.job.RunListeners;
import org.adaptseg.job.RunReports;
import org.adaptseg.job.ScoresListener;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.job.Threaded;
import org.adaptseg.job.TrainingJob;
import org.adaptseg.job.WorkerMemory;
import org.adaptseg.spark.TrainingRun;
import org.adaptseg.train.MemoryEstimate;
import org.adaptseg.train.RoundEstimate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains as a configuration says. */
@Command(
    name = "train",
    description = "Train as configured and evaluate on the held-out split.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer>, Threaded {
  @Mixin private ConfigOptions options;

  @Option(names = "--resume", description = "Resume from the newest complete checkpoint.")
  private boolean resume;

  @Option(
      names = "--dry-run",
      description = "Check configuration, paths and memory; train nothing.")
  private boolean dryRun;

  @Override
  public int threads() {
    return options.load().cluster().threadsPerWorker();
  }

  @Override
  public Integer call() throws Exception {
    RunConfig config = options.load();
    // Before stores and datasets are looked at, which can take hours.
    config.initialWeights().require(options.file());
    Experiment experiment = new Experiment(config, options.hadoop(), Experiment.output(config));
    MemoryEstimate memory = MemoryEstimate.of(config, experiment.classes().size());
    WorkerMemory.require(config, memory);
    experiment.check();
    PrintStream out = System.out;
    TrainingJob job = new TrainingJob(experiment);
    String weights = job.initialWeights();
    if (dryRun) {
      out.print(ConfigLoader.toYaml(config));
      out.println("# " + weights);
      out.println("# " + experiment.sizes());
      out.println("# " + memory.describe());
      RoundEstimate.of(config, experiment.classes().size())
          .describe(experiment.sourceImages())
          .forEach(line -> out.println("# " + line));
      out.println("# Nothing was trained.");
      return Main.DONE;
    }
    out.println(weights);
    try (SparkHandle spark = SparkHandle.open(config)) {
      var start = resume ? TrainingRun.Start.RESUME : TrainingRun.Start.NEW;
      ScoresListener scores = new ScoresListener(experiment);
      job.run(spark, start, RunListeners.of(config, experiment, spark, out, scores));
      out.print(scores.table(config.run().name()));
      BestOnTarget.line(experiment).ifPresent(out::println);
      out.println("Run directory: " + experiment.directory());
      new RunReports(experiment.hadoop()).writeAtEnd(spark, experiment.directory(), out);
    }
    return Main.DONE;
  }
}
