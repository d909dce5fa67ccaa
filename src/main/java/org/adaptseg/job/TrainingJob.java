package org.adaptseg.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.checkpoint.CheckpointStore;
import org.adaptseg.config.Cluster;
import org.adaptseg.config.InitialWeights;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.data.store.DirectoryClaim;
import org.adaptseg.job.process.StopSignal;
import org.adaptseg.report.html.RunFacts;
import org.adaptseg.spark.TrainingRun;
import org.adaptseg.spark.WorkerSlots;
import org.adaptseg.spark.round.RoundResult;
import org.adaptseg.spark.round.RoundRunner;
import org.adaptseg.spark.round.Slicing;
import org.adaptseg.train.AdaptationLearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundCost;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Schedule;
import org.adaptseg.weights.WeightFiles;
import org.adaptseg.weights.WeightImport;
import org.adaptseg.weights.WeightsException;
import org.apache.hadoop.fs.Path;

/** Trains an experiment in its run directory. */
public final class TrainingJob {
  private static final int TIMED_ROUNDS = 3;

  private final Experiment experiment;
  private final Collection<String> accepted;

  public TrainingJob(Experiment experiment) {
    this(experiment, List.of());
  }

  /**
   * @param accepted keys of the configuration that may differ from what the run was made with,
   *     though that changes its results
   */
  public TrainingJob(Experiment experiment, Collection<String> accepted) {
    this.experiment = experiment;
    this.accepted = List.copyOf(accepted);
  }

  /**
   * Requires that a run can resume with this configuration.
   *
   * @return what differs from what it was made with and may, for a person; empty as well where it
   *     has no checkpoint yet
   * @throws ConfigException with every key that differs and changes the run's results, and every
   *     accepted one that is no key
   */
  public List<String> resumption() throws IOException {
    return experiment.run().resumption().require(accepted);
  }

  /**
   * Looks at the file of {@code initial-weights}, if there is one, before a new run starts.
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
   * Claims the run directory, which one process alone may write.
   *
   * @param signal gives it back when the process is asked to end
   * @throws IllegalStateException if another training writes there, with its process
   * @throws IOException if that cannot be found out
   */
  public DirectoryClaim claim(StopSignal signal) throws IOException {
    DirectoryClaim claim =
        DirectoryClaim.of(experiment.directory(), experiment.hadoop(), System.out::println);
    signal.attach(claim);
    return claim;
  }

  /**
   * Claims the run directory and trains to the end; evaluates where the schedule says.
   *
   * @param listeners are told what happens, in this order; {@link RunListeners} has those of the
   *     commands
   * @return the last state, as it was saved
   */
  public Checkpoint run(
      SparkHandle spark, TrainingRun.Start start, List<TrainingListener> listeners)
      throws IOException {
    try (StopSignal signal = StopSignal.of(experiment.config());
        DirectoryClaim claim = claim(signal)) {
      return run(spark, start, listeners, signal, claim);
    }
  }

  /**
   * As {@link #run(SparkHandle, TrainingRun.Start, List)}, with a claim that the caller closes when
   * it has written all that belongs to the run.
   *
   * @param signal saves the run when the process is asked to end
   */
  public Checkpoint run(
      SparkHandle spark,
      TrainingRun.Start start,
      List<TrainingListener> listeners,
      StopSignal signal,
      DirectoryClaim claim)
      throws IOException {
    signal.attach(claim);
    RunConfig config = experiment.config();
    RunDirectory run = experiment.run();
    CheckpointStore checkpoints = run.checkpoints();
    if (start == TrainingRun.Start.NEW) {
      run.requireNew();
    } else {
      resumption();
    }
    run.saveConfiguration();
    FactsFile facts = FactsFile.write(experiment, weights(checkpoints), accepted);
    AdaptationLearnerFactory learners = learners();
    try (RoundRunner rounds = rounds(spark, learners)) {
      TrainingRun training =
          new TrainingRun(
              Schedule.of(config),
              learners,
              rounds,
              checkpoints,
              Optional.of(new EvaluationJob(experiment).distributed(spark)),
              Stream.concat(Stream.of(facts), listeners.stream()).toList(),
              new BestOnTarget(experiment, start));
      signal.attach(training);
      return training.run(start);
    }
  }

  /**
   * Times rounds of the run's last phase, from its beginning; nothing of them is kept.
   *
   * @param iterations of each round, at least 1
   * @return medians of three rounds after one that does not count
   */
  public RoundCost measure(SparkHandle spark, int iterations) {
    RunConfig config = experiment.config();
    List<RunConfig.PhasePlan> phases = config.schedule().phases();
    RunConfig.PhasePlan last = new RunConfig.PhasePlan(phases.get(phases.size() - 1).phase(), 1);
    AdaptationLearnerFactory learners = learners();
    LearnerState state = learners.initialState();
    long total = Schedule.of(config).totalIterations();
    double turns = WorkerSlots.turns(spark.context(), config.cluster().workers());
    List<Double> computing = new ArrayList<>();
    List<Double> averaging = new ArrayList<>();
    try (RoundRunner rounds = rounds(spark, learners)) {
      for (int round = 0; round <= TIMED_ROUNDS; round++) {
        long first = Math.max(0, Math.min((long) round * iterations, total - iterations));
        RoundPlan plan =
            new RoundPlan(
                round, last.phase(), first, iterations, last.phase().discriminators() ? first : 0);
        RoundResult result = rounds.run(state, plan, "measuring");
        state = result.state();
        double busy =
            result.reports().stream()
                .mapToDouble(report -> report.stepSeconds() + report.inputWaitSeconds())
                .max()
                .orElseThrow();
        if (round > 0) {
          computing.add(busy / iterations);
          averaging.add(Math.max(0, result.seconds() - turns * busy));
        }
      }
    }
    return new RoundCost(median(computing), median(averaging));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private RoundRunner rounds(SparkHandle spark, AdaptationLearnerFactory learners) {
    Cluster cluster = experiment.config().cluster();
    return new RoundRunner(
        spark.context(),
        learners,
        cluster.workers(),
        Slicing.atMost(cluster.slices()),
        cluster.outer(),
        cluster.exchange());
  }

  /** Name and hash of what the run began with, which a resumed run need not find. */
  private Map<String, String> weights(CheckpointStore checkpoints) throws IOException {
    InitialWeights given = experiment.config().initialWeights();
    if (checkpoints.made().isPresent()) {
      return RunFacts.read(experiment.directory(), experiment.hadoop())
          .map(RunFacts::initialWeights)
          .orElse(Map.of());
    }
    if (!given.given()) {
      return Map.of();
    }
    return Map.of(
        "file", given.file(),
        "from", given.from().key(),
        "sha256", WeightFiles.sha256(new Path(given.file()), experiment.hadoop()));
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
