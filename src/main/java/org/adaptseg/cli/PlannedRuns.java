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
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.store.Json;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.EvaluationJob;
import org.adaptseg.job.Experiment;
import org.adaptseg.job.PlannedRun;
import org.adaptseg.job.RunDirectory;
import org.adaptseg.job.RunListeners;
import org.adaptseg.job.ScoresListener;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.job.TrainedNetwork;
import org.adaptseg.job.TrainingJob;
import org.adaptseg.metrics.Scores;
import org.adaptseg.report.AblationResult;
import org.adaptseg.report.GeneratedSection;
import org.adaptseg.spark.TrainingRun;
import org.apache.hadoop.conf.Configuration;

/**
 * Runs that a command makes one after the other, each in a directory of its own. The command can be
 * stopped and started again: a finished run is not repeated, an unfinished one resumes from its
 * newest checkpoint, and one that only scores what another has trained takes that one's network.
 * Directories are local.
 *
 * @param config base configuration; null for the demo's
 * @param overrides of the base configuration
 * @param directory of the runs' directories
 */
record PlannedRuns(String config, List<String> overrides, Path directory) {
  private static final String RESULT = "result.json";

  /** The base configuration with further overrides. */
  RunConfig load(List<String> more) {
    List<String> all = new ArrayList<>(overrides);
    all.addAll(more);
    return config == null ? Configurations.demo(all) : Configurations.read(config, all);
  }

  /** Name of the base configuration, for people. */
  String base() {
    return config == null ? "conf/demo.yaml" : config;
  }

  /** The run's directory. */
  Path directory(PlannedRun run) {
    return directory.resolve(run.directory());
  }

  /**
   * Makes the runs that are not finished.
   *
   * @param finishedOnly makes none
   * @return the results of the finished ones, in order
   */
  List<AblationResult> results(List<PlannedRun> runs, boolean finishedOnly, PrintStream out)
      throws IOException {
    List<AblationResult> results = new ArrayList<>();
    int number = 0;
    for (PlannedRun run : runs) {
      number++;
      Experiment experiment = experiment(run);
      Optional<AblationResult> finished = finished(run, experiment);
      if (finished.isEmpty() && !finishedOnly) {
        out.printf(Locale.ROOT, "Run %d of %d: %s%n", number, runs.size(), run.directory());
        finished = Optional.of(make(run, experiment, out));
      }
      finished.ifPresent(results::add);
    }
    return results;
  }

  private Experiment experiment(PlannedRun run) throws IOException {
    List<String> all = new ArrayList<>(run.overrides());
    all.add("output.dir=" + directory(run));
    RunConfig loaded = load(all);
    return new Experiment(
        loaded, Configurations.hadoop(config == null ? "" : config), Experiment.output(loaded));
  }

  /** The result of a finished run; its file is written whole, after everything else. */
  private Optional<AblationResult> finished(PlannedRun run, Experiment experiment)
      throws IOException {
    Path file = directory(run).resolve(RESULT);
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

  private AblationResult make(PlannedRun run, Experiment experiment, PrintStream out)
      throws IOException {
    Optional<Experiment> trained = Optional.empty();
    if (run.twin().isPresent()) {
      Experiment twin = experiment(run.twin().get());
      trained = finished(run.twin().get(), twin).map(result -> twin);
    }
    Scores of =
        trained.isPresent() ? score(trained.get(), experiment, out) : train(experiment, out);
    AblationResult result =
        new AblationResult(
            run.name(),
            run.seed(),
            experiment.hash(),
            experiment.classes(),
            of.iou().stream().map(v -> v.isNaN() ? null : v).toList(),
            of.miou());
    writeWhole(directory(run).resolve(RESULT), Json.indented(result));
    return result;
  }

  /** Scores the newest network of a run as another says. */
  private static Scores score(Experiment trained, Experiment experiment, PrintStream out)
      throws IOException {
    List<String> notes = new ArrayList<>();
    TrainedNetwork network =
        TrainedNetwork.of(
            new RunDirectory(trained.config(), trained.data(), trained.hadoop())
                .checkpoint(null, notes));
    notes.forEach(out::println);
    try (SparkHandle spark = SparkHandle.open(experiment.config())) {
      String description = "%s of %s".formatted(network.title(), trained.config().run().name());
      out.printf(Locale.ROOT, "%s is scored%n", description);
      return Scores.of(
          new EvaluationJob(experiment)
              .run(spark, network.state(), "evaluation of " + description));
    }
  }

  private static Scores train(Experiment experiment, PrintStream out) throws IOException {
    ScoresListener scores = new ScoresListener(experiment);
    try (SparkHandle spark = SparkHandle.open(experiment.config())) {
      new TrainingJob(experiment)
          .run(
              spark,
              TrainingRun.Start.RESUME,
              RunListeners.of(experiment.config(), experiment, spark, out, scores));
    }
    return scores.scores();
  }

  /** Replaces the generated section of a Markdown file. */
  static void write(Path file, String section, String text) throws IOException {
    String old = Files.exists(file) ? Files.readString(file) : "";
    String replaced = new GeneratedSection(section).replace(old, text);
    writeWhole(file, replaced.getBytes(StandardCharsets.UTF_8));
  }

  private static void writeWhole(Path file, byte[] content) throws IOException {
    WholeFile.write(new org.apache.hadoop.fs.Path(file.toUri()), content, new Configuration());
  }
}
