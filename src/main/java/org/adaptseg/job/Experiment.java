package org.adaptseg.job;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.adaptseg.config.ClassSet;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.config.yaml.TextSource;
import org.adaptseg.data.Mixture;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.dataset.DatasetException;
import org.adaptseg.data.dataset.FileIndex;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.data.store.StoreException;
import org.adaptseg.data.store.StoreProbe.Access;
import org.adaptseg.data.store.StoreProbe.Place;
import org.adaptseg.report.ScoreNotes;
import org.adaptseg.train.schedule.RunOutline;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A configuration with its datasets found and checked: what jobs are made from. It computes nothing
 * itself; {@link TrainingJob} trains, {@link EvaluationJob} scores, {@link PredictionJob} predicts.
 */
public final class Experiment {
  private final RunConfig config;
  private final ResolvedData data;
  private final Configuration hadoop;
  private final RunDirectory run;
  private final ClassSet scored;
  private final ExperimentSplits splits;

  /**
   * Asks the stores, then finds all three splits.
   *
   * @param more places that the command needs besides the datasets
   * @throws StoreException with all places that cannot be used
   * @throws DatasetException with the problems of all splits
   */
  public Experiment(RunConfig config, Configuration hadoop, Place... more) throws IOException {
    this(config, hadoop, ResolvedData.ALL, more);
  }

  /**
   * As the other, for a job that reads less than a training.
   *
   * @param read the parts of the data that are looked for; of the others nothing may be asked
   */
  public Experiment(
      RunConfig config, Configuration hadoop, Set<ResolvedData.Part> read, Place... more)
      throws IOException {
    this.config = config;
    this.hadoop = new Configuration(hadoop); // it gets to know the claim of the run directory
    TextSource files = Configurations.texts(hadoop);
    this.data = ResolvedData.of(config.data(), files, read);
    this.scored = ClassSet.of(config, data.classes(), files);
    this.splits = new ExperimentSplits(config, data, hadoop, read, List.of(more));
    this.run = new RunDirectory(config, data, splits, hadoop);
  }

  /** An experiment to be trained, with Hadoop's settings as Spark has them. */
  public static Experiment of(RunConfig config) throws IOException {
    return new Experiment(config, Configurations.hadoop(), output(config));
  }

  /** The run directory, to be written to. */
  public static Place output(RunConfig config) {
    return new Place("output.dir", config.output().dir(), Access.WRITE);
  }

  /** What a training needs besides its data: the run directory, and the weights it begins with. */
  public static Place[] training(RunConfig config) {
    String weights = config.initialWeights().file();
    return weights.isBlank()
        ? new Place[] {output(config)}
        : new Place[] {output(config), new Place("initial-weights.file", weights, Access.READ)};
  }

  /**
   * Reads samples of the listed splits before the run begins.
   *
   * @throws DatasetException with the problems of all of them
   */
  public void check() throws IOException {
    splits.check();
  }

  /** What this run's scores say of themselves. */
  public ScoreNotes notes(String selection) {
    return ScoreNotes.of(config, scored, selection);
  }

  /** The configuration. */
  public RunConfig config() {
    return config;
  }

  /** A hash of the effective configuration. */
  public String hash() {
    return Sha256.of(ConfigLoader.toYaml(config));
  }

  /** Names of the classes, by trainId. */
  public List<String> classes() {
    return data.classes().names();
  }

  /** The classes, with their colours. */
  public LabelSpace labelSpace() {
    return data.classes();
  }

  /** What the configuration names. */
  public ResolvedData data() {
    return data;
  }

  /** TrainIds of the classes that scores are averaged over. */
  List<Integer> scored() {
    return scored.trainIds();
  }

  ExperimentSplits splits() {
    return splits;
  }

  /** Number of source images. */
  public int sourceImages() {
    return splits.source().size();
  }

  /** Number of evaluation images. */
  public int evaluationImages() {
    return splits.evaluation().size();
  }

  /** Numbers of images, for people. */
  public String sizes() {
    return String.format(
        Locale.ROOT,
        "%d source images%s, %d target images%s, %d evaluation images",
        sourceImages(),
        splits.source().describe(),
        splits.target().size(),
        splits.target().describe(),
        evaluationImages());
  }

  /**
   * The files of a target split.
   *
   * @param entry the split's place in {@code data.target}, from 0
   * @throws ConfigException if there is no such split, or if it is drawn
   */
  public FileIndex targetFiles(int entry) {
    List<Mixture.Component> found = splits.target().components();
    if (entry < 0 || entry >= found.size()) {
      throw new ConfigException(
          "data.target",
          List.of(
              String.format(
                  Locale.ROOT,
                  "expected a split from 0 to %d, found %d",
                  found.size() - 1,
                  entry)));
    }
    if (found.get(entry).split() instanceof SplitPlan.Files files) {
      return files.index();
    }
    throw new ConfigException(
        found.get(entry).name(), List.of("expected a dataset of files, found one that is drawn"));
  }

  /** What a training is going to do. */
  public RunOutline outline() {
    return RunOutline.of(config, sourceImages(), splits.target().size());
  }

  /** The run directory. */
  public Path directory() {
    return new Path(config.output().dir());
  }

  RunDirectory run() {
    return run;
  }

  /** Hadoop's settings. */
  public Configuration hadoop() {
    return hadoop;
  }

  /** Hadoop's settings, to be shipped to workers. */
  HadoopSettings shipped() {
    return new HadoopSettings(hadoop);
  }
}
