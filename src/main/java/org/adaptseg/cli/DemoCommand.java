package org.adaptseg.cli;

import java.io.PrintStream;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.Experiment;
import org.adaptseg.job.RunListeners;
import org.adaptseg.job.RunReports;
import org.adaptseg.job.ScoresListener;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.job.TrainingJob;
import org.adaptseg.job.process.Threaded;
import org.adaptseg.metrics.Scores;
import org.adaptseg.report.ScoreTable;
import org.adaptseg.spark.TrainingRun;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains twice on the embedded synthetic streets, source only and with adaptation, for the same
 * number of iterations from the same initial values, and shows both scores on held-out target
 * images.
 */
@Command(
    name = "demo",
    description = "Train on synthetic streets without and with adaptation and compare.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer>, Threaded {
  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a value of the demo's configuration; repeatable.")
  private List<String> overrides = new ArrayList<>();

  @Override
  public int threads() {
    return load(List.of()).cluster().threadsPerWorker();
  }

  private RunConfig load(List<String> more) {
    List<String> all = new ArrayList<>(overrides);
    all.addAll(more);
    return Configurations.demo(all);
  }

  /** Two demos one after another do not meet in one directory, unless the user names it. */
  private String directory() {
    boolean named = overrides.stream().anyMatch(o -> o.startsWith("output.dir="));
    String dir = load(List.of()).output().dir();
    String now =
        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).format(LocalDateTime.now());
    return named ? dir : dir + "-" + now;
  }

  private enum Variant {
    SOURCE_ONLY("source-only", Phase.SOURCE_ONLY),
    ADAPTED("adapted", Phase.ADVERSARIAL);

    private final String title;
    private final Phase phase;

    Variant(String title, Phase phase) {
      this.title = title;
      this.phase = phase;
    }
  }

  @Override
  public Integer call() throws Exception {
    String directory = directory();
    PrintStream out = System.out;
    Map<String, Scores> columns = new LinkedHashMap<>();
    List<String> classes = List.of();
    for (Variant variant : Variant.values()) {
      RunConfig config =
          load(
              List.of(
                  "output.dir=" + directory + "/" + variant.title,
                  "run.name=" + variant.title,
                  "schedule.phases.0.phase=" + variant.phase.key()));
      Experiment experiment = Experiment.of(config);
      experiment.outline().describe().forEach(line -> out.println(variant.title + ": " + line));
      ScoresListener scores = new ScoresListener(experiment);
      try (SparkHandle spark = SparkHandle.open(config)) {
        new TrainingJob(experiment)
            .run(
                spark,
                TrainingRun.Start.NEW,
                RunListeners.of(config, experiment, spark, out, scores));
      }
      columns.put(variant.title, scores.scores());
      classes = experiment.classes();
    }
    out.println();
    out.println("IoU on held-out target images, in percent:");
    out.print(ScoreTable.of(classes, columns));
    out.println("Run directory: " + directory);
    try (SparkHandle spark = SparkHandle.open(load(List.of()))) {
      new RunReports(Configurations.hadoop()).writeAtEnd(spark, new Path(directory), out);
    }
    return Main.DONE;
  }
}
