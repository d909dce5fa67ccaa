package org.adaptseg.job;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.RunConfig;
import org.adaptseg.job.process.Versions;
import org.adaptseg.report.MetricsFile;
import org.adaptseg.report.mlflow.MlflowTracking;
import org.adaptseg.report.progress.ConsoleProgress;
import org.adaptseg.report.tensorboard.TensorBoardFiles;
import org.adaptseg.spark.TrainingMetrics;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.schedule.LearningRates;
import org.adaptseg.train.schedule.Schedule;

/** Listeners that every run has, whatever command started it. */
public final class RunListeners {
  private RunListeners() {}

  /**
   * @param spark where pictures are painted
   * @param out where progress is shown
   * @param more further listeners, called last
   * @throws IOException if the run directory's file system cannot be reached
   */
  public static List<TrainingListener> of(
      RunConfig config,
      Experiment experiment,
      SparkHandle spark,
      PrintStream out,
      TrainingListener... more)
      throws IOException {
    EvaluationJob pictures = new EvaluationJob(experiment);
    LearningRates rates = LearningRates.of(config);
    List<TrainingListener> listeners = new ArrayList<>();
    listeners.add(ConsoleProgress.to(out, config.run().name(), Schedule.of(config).phases()));
    listeners.add(
        new MetricsFile(experiment.directory(), experiment.hadoop(), rates, experiment.classes()));
    listeners.add(
        new TensorBoardFiles(
            experiment.directory(),
            experiment.hadoop(),
            rates,
            experiment.classes(),
            (iteration, state) -> pictures.pictures(spark, iteration, state)));
    MlflowTracking.of(
            config,
            System.getenv(),
            experiment.directory(),
            experiment.hadoop(),
            experiment.classes(),
            Versions.all())
        .ifPresent(listeners::add);
    listeners.add(new TrainingMetrics());
    listeners.addAll(List.of(more));
    return listeners;
  }
}
