package org.adaptseg.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.store.StoreProbe.Access;
import org.adaptseg.data.store.StoreProbe.Place;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.adaptseg.report.ScoreNotes;
import org.adaptseg.report.ScoreTable;
import org.adaptseg.report.ScoresJson;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Evaluates a checkpoint on the configuration's evaluation split. */
@Command(
    name = "evaluate",
    description = "Evaluate a checkpoint on the evaluation split of a configuration.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer>, ThreadsCommand.Threaded {
  @Mixin private ConfigOptions options;

  @Mixin private CheckpointOption checkpoint;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the scores to this file too.")
  private String json;

  @Override
  public int threads() {
    return options.load().cluster().threadsPerWorker();
  }

  /** Found before an evaluation of hours, not after it. */
  private Place[] places(RunConfig config) {
    List<Place> places = new ArrayList<>();
    String run = config.output().dir();
    places.add(
        new Place(
            "the checkpoints",
            checkpoint.directory() != null ? checkpoint.directory() : run,
            Access.LIST));
    if (json != null) {
      String parent = String.valueOf(new Path(json).getParent());
      places.add(new Place("--json", parent.isEmpty() ? "." : parent, Access.WRITE));
    }
    return places.toArray(Place[]::new);
  }

  private String selection() {
    if (checkpoint.directory() == null) {
      return ScoreNotes.LAST;
    }
    Path parent = new Path(checkpoint.directory()).getParent();
    return parent != null && parent.getName().equals(BestOnTarget.DIRECTORY)
        ? ScoreNotes.BEST
        : "checkpoint given by name";
  }

  @Override
  public Integer call() throws Exception {
    RunConfig config = options.load();
    Experiment experiment = new Experiment(config, ConfigOptions.hadoop(), places(config));
    List<String> found = new ArrayList<>();
    Checkpoint at = experiment.checkpoint(checkpoint.directory(), found);
    ScoreNotes notes = experiment.notes(selection());
    PrintStream out = System.out;
    found.forEach(out::println);
    try (SparkHandle spark = SparkHandle.open(config)) {
      ConfusionMatrix matrix =
          experiment.evaluate(spark, at.state(), "evaluation after iteration " + at.iteration());
      if (json != null) {
        ScoresJson.of(
                experiment.classes(), matrix, experiment.evaluationImages(), at.iteration(), notes)
            .write(new Path(json), experiment.hadoop());
      }
      String title = "iteration " + at.iteration();
      out.print(ScoreTable.of(experiment.classes(), Map.of(title, Scores.of(matrix))));
      out.println(notes.line());
    }
    return Main.DONE;
  }
}
