package org.adaptseg.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.store.DirectoryClaim;
import org.adaptseg.data.store.StoreProbe.Place;
import org.adaptseg.job.BestOnTarget;
import org.adaptseg.job.Experiment;
import org.adaptseg.job.RunDirectory;
import org.adaptseg.job.RunListeners;
import org.adaptseg.job.RunReports;
import org.adaptseg.job.ScoresListener;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.job.TrainingJob;
import org.adaptseg.job.WorkerMemory;
import org.adaptseg.job.process.StopSignal;
import org.adaptseg.job.process.Threaded;
import org.adaptseg.spark.TrainingRun;
import org.adaptseg.train.EngineTrial;
import org.adaptseg.train.MemoryEstimate;
import org.adaptseg.train.RoundEstimate;
import org.adaptseg.train.TrainingListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains as a configuration says. */
@Command(
    name = "train",
    description = "Train as configured and evaluate on the held-out split.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer>, Threaded {
  @Spec private CommandSpec command;

  @Mixin private ConfigOptions options;

  @Option(names = "--resume", description = "Resume from the newest complete checkpoint.")
  private boolean resume;

  @Option(
      names = "--accept",
      paramLabel = "KEY",
      description =
          "With --resume: a key that may differ from what the run was made with, though that"
              + " changes its results; repeatable.")
  private List<String> accepted = new ArrayList<>();

  @Option(
      names = "--dry-run",
      description = "Check configuration, paths, memory and engine; train nothing.")
  private boolean dryRun;

  @Mixin private DryRunCosts costs;

  @Override
  public int threads() {
    return options.load().cluster().threadsPerWorker();
  }

  /** A store that cannot be asked is named with the others that cannot. */
  private boolean hasCheckpoint(RunConfig config) {
    try {
      return RunDirectory.hasCheckpoint(config, options.hadoop());
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Integer call() throws Exception {
    RunConfig config = options.load();
    costs.require(dryRun);
    if (!accepted.isEmpty() && !resume) {
      throw new ParameterException(
          command.commandLine(), "--accept is for what differs on --resume, which is not given");
    }
    if (dryRun) {
      describe(prepare(config), costs);
      return Main.DONE;
    }
    try (StopSignal signal = StopSignal.of(config)) {
      train(prepare(config), signal);
    }
    return Main.DONE;
  }

  /** A run whose configuration, data and memory are checked. */
  private record Prepared(
      Experiment experiment, TrainingJob job, MemoryEstimate memory, String weights) {}

  private Prepared prepare(RunConfig given) throws IOException {
    SparkHandle.requireFolders();
    boolean resumes = resume && hasCheckpoint(given);
    RunConfig config = resumes ? options.toResume() : given;
    if (!resumes) {
      // Before stores and datasets are looked at, which can take hours.
      config.initialWeights().require(options.file());
    }
    Experiment experiment =
        new Experiment(
            config,
            options.hadoop(),
            resumes ? new Place[] {Experiment.output(config)} : Experiment.training(config));
    TrainingJob job = new TrainingJob(experiment, accepted);
    List<String> changes = resume ? job.resumption() : List.of();
    MemoryEstimate memory = MemoryEstimate.of(config, experiment.classes().size());
    WorkerMemory.require(config, memory);
    experiment.check();
    changes.forEach(System.out::println);
    String weights = resumes ? "Initial weights: those of the checkpoint" : job.initialWeights();
    return new Prepared(experiment, job, memory, weights);
  }

  private static void describe(Prepared prepared, DryRunCosts costs) {
    PrintStream out = System.out;
    Experiment experiment = prepared.experiment();
    RunConfig config = experiment.config();
    out.print(ConfigLoader.toYaml(config));
    out.println("# " + prepared.weights());
    out.println("# " + trial(config));
    out.println("# " + experiment.sizes());
    experiment.outline().describe().forEach(line -> out.println("# " + line));
    out.println("# " + prepared.memory().describe());
    if (config.cluster().engine() == Arithmetic.Engine.CUDA) {
      out.println("# " + prepared.memory().describeGpu());
    }
    RoundEstimate round = RoundEstimate.of(config, experiment.classes().size());
    round.describe(experiment.sourceImages()).forEach(line -> out.println("# " + line));
    costs.describe(config, round, prepared.job()).forEach(line -> out.println("# " + line));
    out.println("# Nothing was trained.");
  }

  /** A machine that no worker is on may have another processor, which does not matter. */
  private static String trial(RunConfig config) {
    try {
      return EngineTrial.run(config.cluster().arithmetic()).describe();
    } catch (IllegalStateException e) {
      if (SparkHandle.computesHere()) {
        throw e;
      }
      return "Nothing was tried, because this machine need not be as the workers' are. "
          + e.getMessage();
    }
  }

  private void train(Prepared prepared, StopSignal signal) throws IOException {
    PrintStream out = System.out;
    Experiment experiment = prepared.experiment();
    RunConfig config = experiment.config();
    TrainingJob job = prepared.job();
    // Before Spark starts, which can take minutes.
    try (DirectoryClaim claim = job.claim(signal)) {
      out.println(prepared.weights());
      experiment.outline().describe().forEach(out::println);
      try (SparkHandle spark = SparkHandle.open(config)) {
        var start = resume ? TrainingRun.Start.RESUME : TrainingRun.Start.NEW;
        ScoresListener scores = new ScoresListener(experiment);
        List<TrainingListener> listeners = RunListeners.of(config, experiment, spark, out, scores);
        job.run(spark, start, listeners, signal, claim);
        out.print(scores.table(config.run().name()));
        BestOnTarget.line(experiment).ifPresent(out::println);
        out.println("Run directory: " + experiment.directory());
        new RunReports(experiment.hadoop()).writeAtEnd(spark, experiment.directory(), out);
      }
    }
  }
}
