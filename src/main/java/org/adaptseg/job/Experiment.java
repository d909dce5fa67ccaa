package org.adaptseg.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.checkpoint.CheckpointStore;
import org.adaptseg.config.ClassSet;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.Evaluation;
import org.adaptseg.config.InitialWeights;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.TextSource;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.dataset.DatasetException;
import org.adaptseg.data.dataset.FileIndex;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.data.store.StoreException;
import org.adaptseg.data.store.StoreProbe;
import org.adaptseg.data.store.StoreProbe.Access;
import org.adaptseg.data.store.StoreProbe.Place;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.report.ScoreNotes;
import org.adaptseg.report.gallery.GalleryEntry;
import org.adaptseg.report.gallery.GalleryPainter;
import org.adaptseg.report.html.RunFacts;
import org.adaptseg.spark.DistributedEvaluation;
import org.adaptseg.spark.DistributedGallery;
import org.adaptseg.spark.DistributedStatistics;
import org.adaptseg.spark.TrainingRun;
import org.adaptseg.spark.round.RoundRunner;
import org.adaptseg.spark.round.Slicing;
import org.adaptseg.train.AdaptationLearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.inference.SplitEvaluatorFactory;
import org.adaptseg.train.inference.StatisticsSource;
import org.adaptseg.train.schedule.Schedule;
import org.adaptseg.weights.WeightImport;
import org.adaptseg.weights.WeightsException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A configuration with its datasets found and checked: what a command does things with. */
public final class Experiment {
  private final RunConfig config;
  private final ResolvedData data;
  private final Configuration hadoop;
  private final RunDirectory run;
  private final ClassSet scored;
  private final SplitPlan source;
  private final SplitPlan target;
  private final SplitPlan evaluation;

  /**
   * Asks the stores, then finds all three splits.
   *
   * @param more places that the command needs besides the datasets
   * @throws StoreException with all places that cannot be used
   * @throws DatasetException with the problems of all splits
   */
  public Experiment(RunConfig config, Configuration hadoop, Place... more) throws IOException {
    this.config = config;
    this.hadoop = hadoop;
    TextSource files = Configurations.texts(hadoop);
    this.data = ResolvedData.of(config.data(), files);
    this.run = new RunDirectory(config, data, hadoop);
    this.scored = ClassSet.of(config, data.classes(), files);
    StoreProbe probe = new StoreProbe(hadoop);
    List<Place> places = roots();
    places.addAll(List.of(more));
    probe.require(places);
    List<String> problems = new ArrayList<>();
    this.source =
        find(
            "data.source",
            data.source(),
            config.data().source(),
            SplitPlan.Labels.NEEDED,
            problems);
    // Without an oracle phase this split cannot give labels: none can leak into training.
    this.target =
        find(
            "data.target",
            data.target(),
            config.data().target(),
            config.schedule().readsTargetLabels()
                ? SplitPlan.Labels.NEEDED
                : SplitPlan.Labels.UNUSED,
            problems);
    this.evaluation =
        find(
            "data.evaluation",
            data.evaluation(),
            config.data().evaluation(),
            SplitPlan.Labels.NEEDED,
            problems);
    if (!problems.isEmpty()) {
      throw new DatasetException("the data of " + config.run().name(), problems);
    }
    probe.require(samples());
  }

  private List<Place> roots() {
    List<Place> roots = new ArrayList<>();
    if (config.initialWeights().given()) {
      roots.add(new Place("initial-weights.file", config.initialWeights().file(), Access.READ));
    }
    root("data.source", data.source(), config.data().source(), roots);
    root("data.target", data.target(), config.data().target(), roots);
    root("data.evaluation", data.evaluation(), config.data().evaluation(), roots);
    return roots;
  }

  private static void root(
      String key, DatasetDescription description, RunConfig.Domain domain, List<Place> roots) {
    if (description instanceof DatasetDescription.Files) {
      roots.add(
          domain.hasManifest()
              ? new Place(key + ".manifest", domain.manifest(), Access.LIST)
              : new Place(key + ".root", domain.root(), Access.LIST));
    }
  }

  /** A user may be allowed to list a bucket and not to read it: one sample of each split. */
  private List<Place> samples() {
    List<Place> samples = new ArrayList<>();
    for (SplitPlan plan : List.of(source, target, evaluation)) {
      if (plan instanceof SplitPlan.Files files) {
        FileIndex.Entry first = files.index().entries().get(0);
        samples.add(sample(files.index().root(), first.image()));
        if (files.index().labelled()) {
          samples.add(sample(files.index().root(), first.label()));
        }
      }
    }
    return samples;
  }

  private static Place sample(String root, String relative) {
    return new Place("a sample", new Path(new Path(root), relative).toString(), Access.READ);
  }

  /** The run directory, to be written to. */
  public static Place output(RunConfig config) {
    return new Place("output.dir", config.output().dir(), Access.WRITE);
  }

  private SplitPlan find(
      String key,
      DatasetDescription description,
      RunConfig.Domain domain,
      SplitPlan.Labels labels,
      List<String> problems) {
    try {
      return new Splits(config, data.classes(), hadoop).find(key, description, domain, labels);
    } catch (DatasetException e) {
      String place = domain.hasManifest() ? domain.manifest() : domain.root();
      String where = place.isEmpty() ? key : key + " (" + place + ")";
      e.problems().stream().limit(20).forEach(p -> problems.add(where + ": " + p));
      return null;
    }
  }

  /**
   * Reads samples of the listed splits before the run begins.
   *
   * @throws DatasetException with the problems of all of them
   */
  public void check() throws IOException {
    Splits splits = new Splits(config, data.classes(), hadoop);
    List<String> problems = new ArrayList<>();
    problems.addAll(splits.check("data.source", source, data.source(), config.data().source()));
    problems.addAll(splits.check("data.target", target, data.target(), config.data().target()));
    problems.addAll(
        splits.check("data.evaluation", evaluation, data.evaluation(), config.data().evaluation()));
    if (!problems.isEmpty()) {
      throw new DatasetException("the data of " + config.run().name(), problems);
    }
  }

  /** What this run's scores say of themselves. */
  public ScoreNotes notes(String selection) {
    return ScoreNotes.of(config, scored, selection);
  }

  /** The configuration. */
  public RunConfig config() {
    return config;
  }

  /** Names of the classes, by trainId. */
  public List<String> classes() {
    return data.classes().names();
  }

  /** The classes, with their colours. */
  public LabelSpace labelSpace() {
    return data.classes();
  }

  /** Number of source images. */
  public int sourceImages() {
    return source.size();
  }

  /** Number of evaluation images. */
  public int evaluationImages() {
    return evaluation.size();
  }

  /** Numbers of images, for people. */
  public String sizes() {
    return "%d source images, %d target images, %d evaluation images"
        .formatted(source.size(), target.size(), evaluation.size());
  }

  /** The run directory. */
  public Path directory() {
    return new Path(config.output().dir());
  }

  CheckpointStore checkpoints(String name, int keep) throws IOException {
    return run.checkpoints(name, keep);
  }

  /** A hash of the effective configuration. */
  public String hash() {
    return Sha256.of(ConfigLoader.toYaml(config));
  }

  private AdaptationLearnerFactory learners() {
    return new AdaptationLearnerFactory(
        config, data.classes().names(), source, target, new HadoopSettings(hadoop));
  }

  /**
   * Looks at the file of {@code initial-weights}, if there is one, before anything starts.
   *
   * @return what the run begins with, for a person
   * @throws WeightsException with every key that is not accounted for
   */
  public String initialWeights() {
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

  /** Trains to the end and returns the last state; evaluates where the schedule says. */
  public Checkpoint train(
      SparkHandle spark, TrainingRun.Start start, List<TrainingListener> listeners)
      throws IOException {
    CheckpointStore checkpoints = run.checkpoints();
    if (start == TrainingRun.Start.NEW) {
      checkpoints.requireEmpty();
    }
    run.saveConfiguration();
    facts().write(directory(), hadoop);
    var factory = learners();
    try (RoundRunner rounds =
        new RoundRunner(
            spark.context(),
            factory,
            config.cluster().workers(),
            Slicing.atMost(config.cluster().slices()))) {
      return new TrainingRun(
              Schedule.of(config),
              factory,
              rounds,
              checkpoints,
              Optional.of(evaluation(spark)),
              listeners,
              new BestOnTarget(this, start))
          .run(start);
    }
  }

  private RunFacts facts() {
    return new RunFacts(
        Versions.all(),
        Map.of(
            "source",
            (long) source.size(),
            "target",
            (long) target.size(),
            "evaluation",
            (long) evaluation.size()));
  }

  private Optional<DistributedStatistics> statistics(SparkHandle spark) {
    if (config.evaluation().batchNorm() == Evaluation.BatchNorm.RUNNING) {
      return Optional.empty();
    }
    return Optional.of(
        new DistributedStatistics(
            spark.context(),
            new StatisticsSource(
                config.model(),
                data.classes().size(),
                target,
                config.evaluation().batchNormImages(),
                new HadoopSettings(hadoop)),
            config.cluster().workers()));
  }

  private DistributedEvaluation evaluation(SparkHandle spark) {
    return new DistributedEvaluation(
        spark.context(),
        new SplitEvaluatorFactory(
            config.model(),
            data.classes().size(),
            scored.trainIds(),
            evaluation,
            new HadoopSettings(hadoop)),
        config.cluster().workers(),
        statistics(spark));
  }

  /** Evaluates a state on the evaluation split: one Spark job. */
  public ConfusionMatrix evaluate(SparkHandle spark, LearnerState state, String description) {
    return evaluation(spark).evaluate(state, description);
  }

  /** Pictures of what a state sees in a few evaluation images: one small Spark job. */
  List<GalleryEntry> pictures(SparkHandle spark, long iteration, LearnerState state) {
    return DistributedGallery.paint(
        spark.context(),
        new GalleryPainter(config.model(), data.classes(), evaluation, new HadoopSettings(hadoop)),
        state,
        "pictures after iteration " + iteration);
  }

  /** Hadoop's settings. */
  public Configuration hadoop() {
    return hadoop;
  }
}
