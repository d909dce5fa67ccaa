package org.adaptseg.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.prediction.ClassThresholds;
import org.adaptseg.data.prediction.ConfidenceHistogram;
import org.adaptseg.data.store.ShownText;
import org.adaptseg.data.store.StoreProbe.Access;
import org.adaptseg.data.store.StoreProbe.Place;
import org.adaptseg.job.Experiment;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.job.TrainedNetwork;
import org.adaptseg.job.process.Threaded;
import org.adaptseg.job.pseudo.PseudoLabelsJob;
import org.adaptseg.report.progress.ConsoleProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Labels target images with a trained network, for a later run to train on. */
@Command(
    name = "pseudo-labels",
    description =
        "Label the images of data.target with a checkpoint or weights where it is sure, and write"
            + " them as a dataset with a manifest that a later run takes as a further source."
            + " Started again, it continues where it stopped.",
    mixinStandardHelpOptions = true)
final class PseudoLabelsCommand implements Callable<Integer>, Threaded {
  @Mixin private ConfigOptions options;

  @Mixin private NetworkOption network;

  @Option(
      converter = LocationConverter.class,
      names = "--output",
      required = true,
      paramLabel = "URI",
      description = "Folder for the dataset: new, or one that this command began.")
  private String output;

  @Option(
      names = "--portion",
      defaultValue = "0.5",
      paramLabel = "P",
      description =
          "Share of each class' pixels that become labels, those of the highest confidence; the"
              + " others are ignored (${DEFAULT-VALUE}).")
  private double portion;

  @Option(
      names = "--target",
      defaultValue = "0",
      paramLabel = "NUMBER",
      description = "Which split, where data.target is a list (${DEFAULT-VALUE}).")
  private int target;

  @Option(names = "--overwrite", description = "First delete the labels in OUTPUT.")
  private boolean overwrite;

  @Override
  public int threads() {
    return load().cluster().threadsPerWorker();
  }

  private RunConfig load() {
    return options.load(network.checkpoint(), PseudoLabelsJob.READS);
  }

  @Override
  public Integer call() throws Exception {
    PseudoLabelsJob.Request request =
        new PseudoLabelsJob.Request(output, target, portion, overwrite);
    RunConfig config = load();
    Experiment experiment =
        new Experiment(
            config,
            options.hadoop(),
            PseudoLabelsJob.READS,
            network.place(config),
            new Place("--output", output, Access.WRITE));
    List<String> notes = new ArrayList<>();
    TrainedNetwork at = network.read(config, experiment.data(), experiment.hadoop(), notes);
    PrintStream out = System.out;
    notes.forEach(out::println);
    PseudoLabelsJob job = new PseudoLabelsJob(experiment, request);
    Optional<PseudoLabelsJob.Result> done = job.begin(at);
    PseudoLabelsJob.Result result = done.isPresent() ? done.get() : make(job, config, at, out);
    out.printf(
        Locale.ROOT,
        "Predicted %d images with %s; %d were there; %d could not be used; labels of %d were"
            + " written%n",
        result.predicted().made(),
        at.title(),
        result.predicted().kept(),
        result.predicted().problems().size(),
        result.written());
    result.predicted().problems().forEach(problem -> out.println("  " + ShownText.of(problem)));
    if (result.thresholds().isEmpty()) {
      return Main.FAILURE;
    }
    print(result.thresholds().get(), out);
    out.println("A source of a later run: " + job.entry());
    return Main.DONE;
  }

  private static PseudoLabelsJob.Result make(
      PseudoLabelsJob job, RunConfig config, TrainedNetwork at, PrintStream out)
      throws IOException {
    try (SparkHandle spark = SparkHandle.open(config)) {
      return job.run(spark, at, step -> ConsoleProgress.counting(out, step, job.size(), "images"));
    }
  }

  private static void print(ClassThresholds thresholds, PrintStream out) {
    out.printf(Locale.ROOT, "%-16s %12s %12s %10s%n", "class", "pixels", "kept", "confidence");
    for (ClassThresholds.Of c : thresholds.classes()) {
      String least =
          c.pixels() == 0
              ? "-"
              : String.format(Locale.ROOT, "%.4f", (double) c.least() / ConfidenceHistogram.STEPS);
      out.printf(Locale.ROOT, "%-16s %12d %12d %10s%n", c.name(), c.pixels(), c.kept(), least);
    }
  }
}
