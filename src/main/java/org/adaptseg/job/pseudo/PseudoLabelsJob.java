package org.adaptseg.job.pseudo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.data.dataset.DatasetException;
import org.adaptseg.data.dataset.FileIndex;
import org.adaptseg.data.dataset.SplitListing;
import org.adaptseg.data.image.LabelReading;
import org.adaptseg.data.prediction.ClassThresholds;
import org.adaptseg.data.prediction.PredictionFolder;
import org.adaptseg.data.prediction.PredictionInput;
import org.adaptseg.data.prediction.PredictionWriter;
import org.adaptseg.data.prediction.PseudoLabels;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.data.store.Json;
import org.adaptseg.data.store.ShownText;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.Experiment;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.job.TrainedNetwork;
import org.adaptseg.spark.DistributedPrediction;
import org.adaptseg.spark.DistributedPseudoLabels;
import org.adaptseg.spark.manifest.DistributedIngest;
import org.adaptseg.spark.manifest.ManifestStore;
import org.adaptseg.train.inference.ImagePredictorFactory;
import org.adaptseg.train.inference.Views;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Gives the images of a target split the labels that a network is sure of, in steps that each leave
 * what is there alone: predictions, thresholds, images and labels, description, manifest. The
 * manifest is last; with it the dataset is whole.
 */
public final class PseudoLabelsJob {
  /** The parts of the configuration's data that are read. */
  public static final Set<ResolvedData.Part> READS = Set.of(ResolvedData.Part.TARGET);

  private static final String THRESHOLDS = "thresholds.json";
  private static final String MANIFEST = "manifest";
  private static final int LARGEST = 1 << 24;
  private static final String ENDING = "(?i)\\.(jpg|jpeg|png)$";

  private final Experiment experiment;
  private final Configuration hadoop;
  private final Request request;
  private final RunConfig.Domain split;
  private final PseudoLabels labels;
  private final Path root;
  private final PredictionFolder folder;

  /**
   * What to label, and where to.
   *
   * @param output the new dataset's folder
   * @param entry the split's place in {@code data.target}, from 0
   * @param portion of each class' pixels that become labels, above 0 and at most 1
   * @param overwrite whether labels of another network, split or portion are deleted
   */
  public record Request(String output, int entry, double portion, boolean overwrite) {
    public Request {
      if (!(portion > 0 && portion <= 1)) {
        throw new ConfigException(
            "the options",
            List.of("--portion: expected a number above 0 and at most 1, found " + portion));
      }
    }
  }

  /**
   * What was done.
   *
   * @param predicted images, now and before
   * @param thresholds absent where images could not be predicted; then there are no labels
   * @param written images of which something was written now
   */
  public record Result(
      DistributedPrediction.Result predicted, Optional<ClassThresholds> thresholds, int written) {}

  /**
   * Checks the folder and finds the images.
   *
   * @param experiment that reads {@link #READS}
   * @throws IOException if the folder holds something else
   */
  public PseudoLabelsJob(Experiment experiment, Request request) throws IOException {
    this.experiment = experiment;
    this.hadoop = experiment.hadoop();
    this.request = request;
    FileIndex index = experiment.targetFiles(request.entry());
    RunConfig config = experiment.config();
    this.split = config.data().target().get(request.entry());
    this.root = new Path(request.output());
    this.labels =
        new PseudoLabels(
            request.output(),
            index.root(),
            index.entries().stream().map(PseudoLabelsJob::item).toList(),
            experiment.labelSpace(),
            config.data().maxPixels(),
            new HadoopSettings(hadoop));
    requireOneLabelEach();
    requireOurs();
    this.folder = new PredictionFolder(labels.predictions().root(), hadoop);
  }

  private static PredictionInput.Item item(FileIndex.Entry entry) {
    return new PredictionInput.Item(entry.image(), entry.image().replaceFirst(ENDING, "") + ".png");
  }

  private void requireOneLabelEach() throws DatasetException {
    List<String> twice =
        labels.images().stream()
            .collect(Collectors.groupingBy(PredictionInput.Item::name))
            .values()
            .stream()
            .filter(of -> of.size() > 1)
            .map(of -> "expected images with labels of their own, found two of " + of.get(0).name())
            .map(ShownText::of)
            .sorted()
            .toList();
    if (!twice.isEmpty()) {
      throw new DatasetException("images to label", twice);
    }
  }

  /** A folder without predictions must be empty: nothing of others is replaced. */
  private void requireOurs() throws IOException {
    FileSystem files = root.getFileSystem(hadoop);
    if (!files.exists(root) || files.exists(new Path(root, PseudoLabels.PREDICTIONS))) {
      return;
    }
    List<String> names =
        Arrays.stream(files.listStatus(root)).map(FileStatus::getPath).map(Path::getName).toList();
    if (!names.isEmpty()) {
      throw new IOException(
          "Cannot label: expected a folder that is new or empty, found %s (%s)"
              .formatted(String.join(", ", names), root));
    }
  }

  /** Number of images. */
  public int size() {
    return labels.images().size();
  }

  /**
   * Claims the folder for a network's labels. Called before Spark starts, which can take minutes.
   *
   * @return what was done, if all is done
   * @throws IOException if the folder holds others that must stay
   */
  public Optional<Result> begin(TrainedNetwork network) throws IOException {
    SortedMap<String, String> identity = identity(network);
    if (folder.isComplete(identity)) {
      return ManifestStore.isThere(new Path(root, MANIFEST), hadoop)
          ? Optional.of(new Result(kept(), thresholds(), 0))
          : Optional.empty();
    }
    if (request.overwrite()) {
      // Before the predictions that say whose they are.
      FileSystem files = root.getFileSystem(hadoop);
      for (String made : made()) {
        files.delete(new Path(root, made), true);
      }
    }
    folder.begin(identity, request.overwrite());
    return Optional.empty();
  }

  private DistributedPrediction.Result kept() {
    return new DistributedPrediction.Result(0, size(), List.of());
  }

  /**
   * Does what is not done.
   *
   * @param network that {@link #begin} was called with
   * @param progress makes what is given the number of images done in the step of a name
   */
  public Result run(
      SparkHandle spark, TrainedNetwork network, Function<String, LongConsumer> progress)
      throws IOException {
    DistributedPrediction.Result predicted = predict(spark, network, progress.apply("prediction"));
    if (!predicted.problems().isEmpty()) {
      return new Result(predicted, Optional.empty(), 0);
    }
    DistributedPseudoLabels job =
        new DistributedPseudoLabels(
            spark.context(), labels, experiment.config().cluster().workers());
    Optional<ClassThresholds> found = thresholds();
    ClassThresholds thresholds =
        found.isPresent() ? found.get() : find(job, progress.apply("confidences"));
    int written = job.write(thresholds, progress.apply("labels"));
    describe();
    ingest(spark, progress.apply("manifest"));
    root.getFileSystem(hadoop).delete(new Path(root, PredictionWriter.TEMPORARY), true);
    return new Result(predicted, Optional.of(thresholds), written);
  }

  private DistributedPrediction.Result predict(
      SparkHandle spark, TrainedNetwork network, LongConsumer progress) throws IOException {
    if (folder.isComplete(identity(network))) {
      return kept();
    }
    RunConfig config = experiment.config();
    ImagePredictorFactory predictors =
        new ImagePredictorFactory(
            config.model(),
            config.cluster().arithmetic(),
            labels.input(),
            labels.predictions(),
            split.width(),
            split.height(),
            config.data().maxPixels(),
            config.data().normalisation(),
            Views.PLAIN,
            labels.hadoop());
    DistributedPrediction.Result result =
        new DistributedPrediction(spark.context(), predictors, config.cluster().workers())
            .run(network.state(), "pseudo-labels with " + network.title(), progress);
    folder.end(result.problems().isEmpty());
    return result;
  }

  /** What is made of predictions; the manifest, which says that all is there, goes first. */
  private static List<String> made() {
    List<String> names = new ArrayList<>(List.of(MANIFEST, PseudoLabels.DESCRIPTION));
    names.addAll(PseudoLabels.folders());
    names.add(THRESHOLDS);
    return names;
  }

  private Optional<ClassThresholds> thresholds() throws IOException {
    Optional<byte[]> found = WholeFile.read(new Path(root, THRESHOLDS), LARGEST, hadoop);
    return found.isPresent()
        ? Optional.of(Json.read(found.get(), ClassThresholds.class))
        : Optional.empty();
  }

  private ClassThresholds find(DistributedPseudoLabels job, LongConsumer progress)
      throws IOException {
    ClassThresholds thresholds =
        job.confidences(progress).thresholds(request.portion(), labels.space().names());
    WholeFile.write(new Path(root, THRESHOLDS), Json.indented(thresholds), hadoop);
    return thresholds;
  }

  private void describe() throws IOException {
    Path file = new Path(root, PseudoLabels.DESCRIPTION);
    if (!file.getFileSystem(hadoop).exists(file)) {
      WholeFile.write(file, labels.description().getBytes(StandardCharsets.UTF_8), hadoop);
    }
  }

  private void ingest(SparkHandle spark, LongConsumer progress) throws IOException {
    Path directory = new Path(root, MANIFEST);
    if (ManifestStore.isThere(directory, hadoop)) {
      return;
    }
    DatasetDescription.Files description =
        (DatasetDescription.Files)
            ResolvedData.dataset(
                new Path(root, PseudoLabels.DESCRIPTION).toString(), Configurations.texts(hadoop));
    SplitListing listing =
        SplitListing.of(description, request.output(), PseudoLabels.SPLIT, true, hadoop);
    ManifestStore.write(
        spark.session(),
        new DistributedIngest(spark.session(), labels.hadoop())
            .run(
                listing,
                description.classes(labels.space()).keySet(),
                LabelReading.of(description, labels.space()),
                labels.maxPixels(),
                progress)
            .manifest(),
        directory,
        hadoop);
  }

  /** How a later run names the labels. */
  public String entry() {
    return String.format(
        Locale.ROOT,
        "{dataset: %s/%s, manifest: %s/%s, split: %s, width: %d, height: %d}",
        root,
        PseudoLabels.DESCRIPTION,
        root,
        MANIFEST,
        PseudoLabels.SPLIT,
        split.width(),
        split.height());
  }

  /** All that the files depend on. */
  private SortedMap<String, String> identity(TrainedNetwork network) throws IOException {
    RunConfig config = experiment.config();
    Path from = new Path(labels.from());
    return new TreeMap<>(
        Map.of(
            "input", from.getFileSystem(hadoop).makeQualified(from) + " " + split.split(),
            "iteration", String.valueOf(network.iteration()),
            "parameters-sha256", network.parametersSha256(),
            "model", config.model().toString(),
            "arithmetic", config.cluster().arithmetic().toString(),
            "normalisation", config.data().normalisation().key(),
            "input-size", split.width() + "x" + split.height(),
            "label-space", labels.space().toString(),
            "portion", String.valueOf(request.portion())));
  }
}
