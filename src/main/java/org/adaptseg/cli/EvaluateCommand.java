package org.adaptseg.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.store.StoreProbe.Access;
import org.adaptseg.data.store.StoreProbe.Place;
import org.adaptseg.job.EvaluationJob;
import org.adaptseg.job.Experiment;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.job.TrainedNetwork;
import org.adaptseg.job.process.Threaded;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.adaptseg.report.ScoreNotes;
import org.adaptseg.report.ScoreTable;
import org.adaptseg.report.ScoresJson;
import org.adaptseg.report.progress.ConsoleProgress;
import org.adaptseg.train.inference.Views;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Evaluates a trained network on the configuration's evaluation split. */
@Command(
    name = "evaluate",
    description = "Evaluate a checkpoint, or weights, on the evaluation split of a configuration.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer>, Threaded {
  @Mixin private ConfigOptions options;

  @Mixin private NetworkOption network;

  @Mixin private ViewOptions look;

  @Option(
      converter = LocationConverter.class,
      names = "--json",
      paramLabel = "FILE",
      description = "Also write the scores to this file.")
  private String json;

  @Override
  public int threads() {
    return load().cluster().threadsPerWorker();
  }

  private RunConfig load() {
    RunConfig config = options.load(network.checkpoint(), Set.of(ResolvedData.Part.EVALUATION));
    return options.load(network.checkpoint(), EvaluationJob.reads(config));
  }

  /** Found before an evaluation of hours, not after it. */
  private Place[] places(RunConfig config) {
    List<Place> places = new ArrayList<>();
    places.add(network.place(config));
    if (json != null) {
      String parent = String.valueOf(new Path(json).getParent());
      places.add(new Place("--json", parent.isEmpty() ? "." : parent, Access.WRITE));
    }
    return places.toArray(Place[]::new);
  }

  @Override
  public Integer call() throws Exception {
    Views views = look.views();
    RunConfig config = load();
    Experiment experiment =
        new Experiment(config, options.hadoop(), EvaluationJob.reads(config), places(config));
    List<String> found = new ArrayList<>();
    TrainedNetwork at = network.read(config, experiment.data(), experiment.hadoop(), found);
    ScoreNotes notes = experiment.notes(network.selection()).seen(views.describe());
    PrintStream out = System.out;
    found.forEach(out::println);
    LongConsumer progress =
        ConsoleProgress.counting(out, "evaluation", experiment.evaluationImages(), "images");
    try (SparkHandle spark = SparkHandle.open(config)) {
      ConfusionMatrix matrix =
          new EvaluationJob(experiment, views)
              .run(spark, at.state(), "evaluation of " + at.title(), progress);
      if (json != null) {
        ScoresJson.of(
                experiment.classes(), matrix, experiment.evaluationImages(), at.iteration(), notes)
            .write(new Path(json), experiment.hadoop());
      }
      out.print(ScoreTable.of(at.title(), experiment.classes(), Scores.of(matrix)));
      out.println(notes.line());
    }
    return Main.DONE;
  }
}
