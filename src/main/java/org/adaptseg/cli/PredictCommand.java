package org.adaptseg.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.data.prediction.LabelIds;
import org.adaptseg.data.prediction.PredictionFolder;
import org.adaptseg.data.prediction.PredictionInput;
import org.adaptseg.data.prediction.PredictionWriter;
import org.adaptseg.data.prediction.PredictionWriter.Kind;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.data.store.ShownText;
import org.adaptseg.data.store.StoreProbe;
import org.adaptseg.data.store.StoreProbe.Access;
import org.adaptseg.data.store.StoreProbe.Place;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.job.Threaded;
import org.adaptseg.nn.StateNames;
import org.adaptseg.report.progress.ConsoleProgress;
import org.adaptseg.spark.DistributedPrediction;
import org.adaptseg.train.inference.ImagePredictorFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Predicts images with a trained network. */
@Command(
    name = "predict",
    description =
        "Predict the label maps of images with a checkpoint or weights, each at its image's size:"
            + " in a dataset's own ids (OUTPUT/label-ids) and in the classes' colours"
            + " (OUTPUT/colours). Started again, it continues where it stopped.",
    mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer>, Threaded {
  private static final int CHUNK = 1 << 16;

  @Mixin private ConfigOptions options;

  @Mixin private NetworkOption network;

  @Option(
      converter = LocationConverter.class,
      names = "--input",
      required = true,
      paramLabel = "URI",
      description =
          "Folder of images (searched recursively), one image, or a text file with one path per"
              + " line.")
  private String input;

  @Option(
      converter = LocationConverter.class,
      names = "--output",
      required = true,
      paramLabel = "URI",
      description = "Folder for the predictions.")
  private String output;

  @Option(
      converter = LocationConverter.class,
      names = "--ids",
      paramLabel = "DATASET",
      description = "Dataset whose ids are written to label-ids; default: data.evaluation.dataset.")
  private String ids;

  @Option(names = "--no-colours", description = "Do not write colour images.")
  private boolean noColours;

  @Option(names = "--overlays", description = "Write OUTPUT/overlays too: image and colours.")
  private boolean overlays;

  @Option(names = "--overwrite", description = "First delete the predictions in OUTPUT.")
  private boolean overwrite;

  @Override
  public int threads() {
    return options.load().cluster().threadsPerWorker();
  }

  @Override
  public Integer call() throws Exception {
    RunConfig config = options.load();
    Configuration hadoop = options.hadoop();
    ResolvedData data = ResolvedData.of(config.data(), Configurations.texts(hadoop));
    DatasetDescription named =
        ids == null ? data.evaluation() : ResolvedData.dataset(ids, Configurations.texts(hadoop));
    PredictionWriter writer =
        new PredictionWriter(output, kinds(), LabelIds.of(named, data.classes()), data.classes());
    probe(config, hadoop);
    PredictionInput images = PredictionInput.of(input, output, hadoop);
    List<String> notes = new ArrayList<>();
    NetworkOption.Network at = network.read(config, data.classes(), hadoop, notes);
    PrintStream out = System.out;
    notes.forEach(out::println);
    PredictionFolder folder = new PredictionFolder(output, hadoop);
    folder.begin(identity(config, writer, at, hadoop), overwrite);
    DistributedPrediction.Result result;
    try (SparkHandle spark = SparkHandle.open(config)) {
      RunConfig.Domain size = config.data().evaluation();
      ImagePredictorFactory factory =
          new ImagePredictorFactory(
              config.model(),
              images,
              writer,
              size.width(),
              size.height(),
              config.data().maxPixels(),
              config.data().normalisation(),
              new HadoopSettings(hadoop));
      result =
          new DistributedPrediction(spark.context(), factory, config.cluster().workers())
              .run(
                  at.state(),
                  "prediction with " + at.title(),
                  ConsoleProgress.counting(out, "prediction", factory.size(), "images"));
    }
    folder.end(images.problems().isEmpty() && result.problems().isEmpty());
    List<String> problems = new ArrayList<>(images.problems());
    problems.addAll(result.problems());
    if (!images.leftOut().isEmpty()) {
      out.println("Of what is in " + input + ", " + images.leftOut().describe());
    }
    out.printf(
        "Predicted %d images with %s; %d were there; %d could not be used%n",
        result.made(), at.title(), result.kept(), problems.size());
    problems.forEach(problem -> out.println("  " + ShownText.of(problem)));
    out.println("Predictions: " + output);
    return problems.isEmpty() ? Main.DONE : Main.FAILURE;
  }

  private List<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>(List.of(Kind.LABEL_IDS));
    if (!noColours) {
      kinds.add(Kind.COLOURS);
    }
    if (overlays) {
      kinds.add(Kind.OVERLAYS);
    }
    return kinds;
  }

  private void probe(RunConfig config, Configuration hadoop) throws IOException {
    new StoreProbe(hadoop)
        .require(
            List.of(
                network.place(config),
                new Place("--input", input, Access.LIST_OR_READ),
                new Place("--output", output, Access.WRITE)));
  }

  /** All that the files depend on. */
  private SortedMap<String, String> identity(
      RunConfig config, PredictionWriter writer, NetworkOption.Network at, Configuration hadoop)
      throws IOException {
    RunConfig.Domain size = config.data().evaluation();
    Path from = new Path(input);
    return new TreeMap<>(
        java.util.Map.of(
            "input", from.getFileSystem(hadoop).makeQualified(from).toString(),
            "iteration", String.valueOf(at.iteration()),
            "parameters-sha256", sha256(at.state().values(StateNames.GENERATOR_PARAMETERS)),
            "model", config.model().toString(),
            "normalisation", config.data().normalisation().key(),
            "input-size", size.width() + "x" + size.height(),
            "label-space", writer.space().toString(),
            "label-ids", writer.ids().toString()));
  }

  private static String sha256(float[] values) {
    MessageDigest digest = Sha256.digest();
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      bytes.clear();
      bytes.asFloatBuffer().put(values, from, count);
      digest.update(bytes.array(), 0, count * Float.BYTES);
    }
    return Sha256.of(digest);
  }
}
