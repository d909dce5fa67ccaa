package org.adaptseg.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.TextSource;
import org.adaptseg.data.prediction.ClassChoice;
import org.adaptseg.data.prediction.LabelIds;
import org.adaptseg.data.prediction.PredictionFolder;
import org.adaptseg.data.prediction.PredictionInput;
import org.adaptseg.data.prediction.PredictionWriter;
import org.adaptseg.data.prediction.PredictionWriter.Kind;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.data.store.StoreException;
import org.adaptseg.data.store.StoreProbe;
import org.adaptseg.data.store.StoreProbe.Access;
import org.adaptseg.data.store.StoreProbe.Place;
import org.adaptseg.spark.DistributedPrediction;
import org.adaptseg.train.inference.ImagePredictorFactory;
import org.adaptseg.train.inference.Views;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Predicts images with a trained network; needs none of the configuration's datasets. */
public final class PredictionJob {
  /** The parts of the configuration's data that a prediction reads: none. */
  public static final Set<ResolvedData.Part> READS = Set.of();

  private final RunConfig config;
  private final Configuration hadoop;
  private final Request request;
  private final ResolvedData data;
  private final PredictionWriter writer;
  private final PredictionInput images;
  private final PredictionFolder folder;

  /** Whose predictions the folder was claimed for, and not ended since. */
  private TrainedNetwork begun;

  /**
   * What to predict, and where to.
   *
   * @param input folder of images (with those below it), or a text file with a path a line
   * @param output folder of the predictions
   * @param ids dataset whose ids {@code label-ids} has; empty for that of {@code data.evaluation}
   * @param kinds what is written of every image
   * @param overwrite whether predictions of another network or input in the folder are deleted
   * @param views how images are looked at
   * @param classes names of the classes that are shown; none for all, see {@link ClassChoice}
   * @param other id of other classes in {@code label-ids}
   */
  public record Request(
      String input,
      String output,
      String ids,
      List<Kind> kinds,
      boolean overwrite,
      Views views,
      List<String> classes,
      int other) {
    public Request {
      kinds = List.copyOf(kinds);
      classes = List.copyOf(classes);
    }

    /** All classes, of images that are looked at once, whole. */
    public Request(String input, String output, String ids, List<Kind> kinds, boolean overwrite) {
      this(input, output, ids, kinds, overwrite, Views.PLAIN, List.of(), ClassChoice.OTHER);
    }

    /** Label ids, in those of {@code data.evaluation}, and colours, as the command does. */
    public static Request of(String input, String output) {
      return new Request(input, output, "", List.of(Kind.LABEL_IDS, Kind.COLOURS), false);
    }
  }

  /**
   * Asks the stores, then lists the images.
   *
   * @param more places that are needed besides input and output
   * @throws StoreException with all places that cannot be used
   * @throws IOException if there are no images
   */
  public PredictionJob(RunConfig config, Configuration hadoop, Request request, Place... more)
      throws IOException {
    this(config, Configurations.texts(hadoop), hadoop, request, more);
  }

  /**
   * As the other.
   *
   * @param files what reads the label spaces and descriptions that the configuration names
   */
  public PredictionJob(
      RunConfig config, TextSource files, Configuration hadoop, Request request, Place... more)
      throws IOException {
    this.config = config;
    this.hadoop = hadoop;
    this.request = request;
    this.data = ResolvedData.of(config.data(), files, READS);
    DatasetDescription named =
        request.ids().isEmpty() ? data.evaluation() : ResolvedData.dataset(request.ids(), files);
    LabelSpace space = data.classes();
    LabelIds labelIds = LabelIds.of(named, space);
    this.writer =
        new PredictionWriter(
            request.output(),
            request.kinds(),
            labelIds,
            space,
            ClassChoice.of(request.classes(), request.other(), space, labelIds));
    List<Place> places = new ArrayList<>(List.of(more));
    places.add(new Place("--input", request.input(), Access.LIST_OR_READ));
    places.add(new Place("--output", request.output(), Access.WRITE));
    new StoreProbe(hadoop).require(places);
    this.images = PredictionInput.of(request.input(), request.output(), hadoop);
    this.folder = new PredictionFolder(request.output(), hadoop);
  }

  /** The command's usual predictions, with Hadoop's settings as Spark has them. */
  public static PredictionJob of(RunConfig config, String input, String output) throws IOException {
    return new PredictionJob(config, Configurations.hadoop(), Request.of(input, output));
  }

  /** What the configuration names. */
  public ResolvedData data() {
    return data;
  }

  /** Number of images. */
  public int size() {
    return images.images().size();
  }

  /** What else is in the input and is not predicted, for a person; absent if there is nothing. */
  public Optional<String> leftOut() {
    return images.leftOut().isEmpty() ? Optional.empty() : Optional.of(images.leftOut().describe());
  }

  /**
   * Claims the output folder for a network's predictions; {@link #run} does so where this was not
   * called. Called where a refusal should come before Spark starts.
   *
   * @throws IOException if the folder holds others that must stay, or other files
   */
  public void begin(TrainedNetwork network) throws IOException {
    if (network != begun) {
      folder.begin(identity(network), request.overwrite());
      begun = network;
    }
  }

  /** As the other, reporting no progress. */
  public DistributedPrediction.Result run(SparkHandle spark, TrainedNetwork network)
      throws IOException {
    return run(spark, network, images -> {});
  }

  /**
   * Predicts the images that are not done: one Spark job.
   *
   * @param progress is given the number of images done so far, by another thread and only while
   *     this runs
   * @return what was done; images that cannot be used are its problems
   */
  public DistributedPrediction.Result run(
      SparkHandle spark, TrainedNetwork network, LongConsumer progress) throws IOException {
    begin(network);
    return ended(
        new DistributedPrediction(spark.context(), predictors(), config.cluster().workers())
            .run(network.state(), "prediction with " + network.title(), progress));
  }

  /**
   * Whether there is work for one task only, in this process: then Spark would add nothing but its
   * start.
   */
  public boolean needsNoSpark() {
    return Math.min(config.cluster().workers(), size()) == 1 && SparkHandle.wouldComputeHere();
  }

  /** As the other, on the calling thread instead of Spark; the files are the same. */
  public DistributedPrediction.Result runHere(TrainedNetwork network, LongConsumer progress)
      throws IOException {
    begin(network);
    return ended(DistributedPrediction.here(predictors(), network.state(), progress));
  }

  private DistributedPrediction.Result ended(DistributedPrediction.Result result)
      throws IOException {
    List<String> problems = new ArrayList<>(images.problems());
    problems.addAll(result.problems());
    folder.end(problems.isEmpty());
    begun = null;
    return new DistributedPrediction.Result(result.made(), result.kept(), problems);
  }

  private ImagePredictorFactory predictors() {
    RunConfig.Domain size = config.data().evaluation();
    return new ImagePredictorFactory(
        config.model(),
        config.cluster().arithmetic(),
        images,
        writer,
        size.width(),
        size.height(),
        config.data().maxPixels(),
        config.data().normalisation(),
        request.views(),
        new HadoopSettings(hadoop));
  }

  /** All that the files depend on. */
  private SortedMap<String, String> identity(TrainedNetwork network) throws IOException {
    RunConfig.Domain size = config.data().evaluation();
    Path from = new Path(request.input());
    SortedMap<String, String> identity =
        new TreeMap<>(
            Map.of(
                "input", from.getFileSystem(hadoop).makeQualified(from).toString(),
                "iteration", String.valueOf(network.iteration()),
                "parameters-sha256", network.parametersSha256(),
                "model", config.model().toString(),
                "arithmetic", config.cluster().arithmetic().toString(),
                "normalisation", config.data().normalisation().key(),
                "input-size", size.width() + "x" + size.height(),
                "label-space", writer.space().toString(),
                "label-ids", writer.ids().toString()));
    // What was always so is not named: folders of before are continued.
    if (!request.views().equals(Views.PLAIN)) {
      identity.put("views", request.views().describe());
    }
    if (!request.classes().isEmpty()) {
      identity.put("classes", writer.choice().toString());
    }
    return identity;
  }
}
