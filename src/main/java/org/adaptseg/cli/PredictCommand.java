package org.adaptseg.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.prediction.PredictionWriter.Kind;
import org.adaptseg.data.store.ShownText;
import org.adaptseg.job.PredictionJob;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.job.TrainedNetwork;
import org.adaptseg.job.card.DescribedModel;
import org.adaptseg.job.process.Threaded;
import org.adaptseg.report.progress.ConsoleProgress;
import org.adaptseg.spark.DistributedPrediction;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Predicts images with a trained network. */
@Command(
    name = "predict",
    description =
        "Predict the label maps of images with a checkpoint or weights, each at its image's size:"
            + " in a dataset's own ids (OUTPUT/label-ids) and in the classes' colours"
            + " (OUTPUT/colours). Started again, it continues where it stopped.",
    mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer>, Threaded {
  private static final int EIGHT = 8;
  private static final int SIXTEEN = 16;

  @Spec private CommandSpec command;

  private Integer confidence;

  @Mixin private ConfigOptions options;

  @Mixin private NetworkOption network;

  @Mixin private ViewOptions look;

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
      defaultValue = "",
      description = "Dataset whose ids are written to label-ids; default: data.evaluation.dataset.")
  private String ids;

  @Option(names = "--no-colours", description = "Do not write colour images.")
  private boolean noColours;

  @Option(names = "--overlays", description = "Write OUTPUT/overlays too: image and colours.")
  private boolean overlays;

  @Option(
      names = "--confidence",
      arity = "0..1",
      fallbackValue = "8",
      paramLabel = "BITS",
      description =
          "Write OUTPUT/confidence too: the probability of the most likely class as grey, 0 to 255;"
              + " with 16, OUTPUT/confidence-16, 0 to 65535.")
  private void confidence(Integer bits) {
    if (bits != EIGHT && bits != SIXTEEN) {
      throw new ParameterException(
          command.commandLine(),
          "Cannot write the confidence: expected 8 or 16 bits, found " + bits);
    }
    confidence = bits;
  }

  @Option(
      names = "--entropy",
      description =
          "Write OUTPUT/entropy too: the entropy of the probabilities as grey, 0 for certainty to"
              + " 255 for all classes alike.")
  private boolean entropy;

  @Option(
      names = "--probabilities",
      description =
          "Write OUTPUT/probabilities too: an array [classes, height, width] of float16 for"
              + " numpy.load, classes in the label space's order.")
  private boolean probabilities;

  @Option(
      names = "--classes",
      split = ",",
      paramLabel = "CLASS",
      description =
          "Show these classes only: a pixel of another one has --other-id in label-ids, black in"
              + " colours, nothing in overlays; --probabilities are of these classes. The network"
              + " chooses among all its classes as before.")
  private List<String> classes = new ArrayList<>();

  @Option(
      names = "--other-id",
      paramLabel = "ID",
      defaultValue = "255",
      description = "The id of other classes in label-ids, with --classes (${DEFAULT-VALUE}).")
  private int other;

  @Option(names = "--overwrite", description = "First delete the predictions in OUTPUT.")
  private boolean overwrite;

  private DescribedModel model;

  @Override
  public int threads() {
    return load().config().cluster().threadsPerWorker();
  }

  private DescribedModel load() {
    if (model == null) {
      model = network.load(options, PredictionJob.READS);
    }
    return model;
  }

  @Override
  public Integer call() throws Exception {
    RunConfig config = load().config();
    Configuration hadoop = options.hadoop();
    PredictionJob job =
        new PredictionJob(
            config,
            load().files(),
            hadoop,
            new PredictionJob.Request(
                input, output, ids, kinds(), overwrite, look.views(), classes, other),
            network.place(config));
    List<String> notes = new ArrayList<>();
    TrainedNetwork at = network.read(config, job.data(), hadoop, notes);
    PrintStream out = System.out;
    notes.forEach(out::println);
    // Before Spark starts, which can take minutes.
    job.begin(at);
    LongConsumer progress = ConsoleProgress.counting(out, "prediction", job.size(), "images");
    DistributedPrediction.Result result;
    if (job.needsNoSpark()) {
      result = job.runHere(at, progress);
    } else {
      try (SparkHandle spark = SparkHandle.open(config)) {
        result = job.run(spark, at, progress);
      }
    }
    job.leftOut().ifPresent(others -> out.println("Of what is in " + input + ", " + others));
    out.printf(
        Locale.ROOT,
        "Predicted %d images with %s; %d were there; %d could not be used%n",
        result.made(),
        at.title(),
        result.kept(),
        result.problems().size());
    result.problems().forEach(problem -> out.println("  " + ShownText.of(problem)));
    out.println("Predictions: " + output);
    return result.problems().isEmpty() ? Main.DONE : Main.FAILURE;
  }

  private List<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>(List.of(Kind.LABEL_IDS));
    if (!noColours) {
      kinds.add(Kind.COLOURS);
    }
    if (overlays) {
      kinds.add(Kind.OVERLAYS);
    }
    if (confidence != null) {
      kinds.add(confidence == EIGHT ? Kind.CONFIDENCE : Kind.CONFIDENCE_16);
    }
    if (entropy) {
      kinds.add(Kind.ENTROPY);
    }
    if (probabilities) {
      kinds.add(Kind.PROBABILITIES);
    }
    return kinds;
  }
}
