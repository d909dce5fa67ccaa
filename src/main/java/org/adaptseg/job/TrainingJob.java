package org.adaptseg.job;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.checkpoint.CheckpointStore;
import org.adaptseg.config.InitialWeights;
import org.adaptseg.config.RunConfig;
import org.adaptseg.report.html.RunFacts;
import org.adaptseg.spark.TrainingRun;
import org.adaptseg.spark.round.RoundRunner;
import org.adaptseg.spark.round.Slicing;
import org.adaptseg.train.AdaptationLearnerFactory;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.schedule.Schedule;
import org.adaptseg.weights.WeightImport;
import org.adaptseg.weights.WeightsException;

/** Trains an experiment in its run directory. */
public final class TrainingJob {
  private final Experiment experiment;

  public TrainingJob(Experiment experiment) {
    this.experiment = experiment;
  }

  /**
   * Looks at the file of {@code initial-weights}, if there is one, before anything starts.
   *
   * @return what the run begins with, for a person
   * @throws WeightsException with every key that is not accounted for
   */
  public String initialWeights() {
    RunConfig config = experiment.config();
    InitialWeights given = config.initialWeights();
    if (!given.given()) {
      return "Initial weights: random values, seed " + config.run().seed();
    }
    WeightImport match = learners().importedWeights();
    if (!match.problems().isEmpty()) {
      throw new WeightsException(
          "Cannot begin with %s (initial-weights.from: %s):%n - %s"
              .formatted(given.file(), given.from().key(), String.join("\n - ", match.problems())));
    }
    return "Initial weights: %s (from %s): %s"
        .formatted(given.file(), given.from().key(), match.describe());
  }

  /**
   * Trains to the end; evaluates where the schedule says.
   *
   * @param listeners are told what happens, in this order; {@link RunListeners} has those of the
   *     commands
   * @return the last state, as it was saved
   */
  public Checkpoint run(
      SparkHandle spark, TrainingRun.Start start, List<TrainingListener> listeners)
      throws IOException {
    RunConfig config = experiment.config();
    RunDirectory run = experiment.run();
    CheckpointStore checkpoints = run.checkpoints();
    if (start == TrainingRun.Start.NEW) {
      checkpoints.requireEmpty();
    }
    run.saveConfiguration();
    new RunFacts(Versions.all(), experiment.splits().sizes())
        .write(experiment.directory(), experiment.hadoop());
    AdaptationLearnerFactory learners = learners();
    try (RoundRunner rounds =
        new RoundRunner(
            spark.context(),
            learners,
            config.cluster().workers(),
            Slicing.atMost(config.cluster().slices()))) {
      return new TrainingRun(
              Schedule.of(config),
              learners,
              rounds,
              checkpoints,
              Optional.of(new EvaluationJob(experiment).distributed(spark)),
              listeners,
              new BestOnTarget(experiment, start))
          .run(start);
    }
  }

  private AdaptationLearnerFactory learners() {
    return new AdaptationLearnerFactory(
        experiment.config(),
        experiment.classes(),
        experiment.splits().source(),
        experiment.splits().target(),
        experiment.shipped());
  }
}
