package org.adaptseg.cli.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.Split;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.data.store.Json;
import org.adaptseg.engine.machine.NativeThreads;
import org.adaptseg.job.Configurations;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.nn.StateNames;
import org.adaptseg.nn.training.Segmenter;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.Networks;
import org.adaptseg.train.inference.Evaluator;
import org.adaptseg.train.inference.SplitEvaluatorFactory;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times the evaluation of a split beside one that reads nothing ahead. */
@Command(
    name = "split",
    description =
        "Time the evaluation of a split's first images by a network of random values, in turn with"
            + " an evaluation as it was before: one image after the other, read, computed and"
            + " counted, without probabilities. A line per pass and, last, JSON with the seconds"
            + " of both per image, medians without the first pass. --iterations is the number of"
            + " passes.",
    mixinStandardHelpOptions = true)
final class BenchSplitCommand implements Callable<Integer> {
  private static final double NANOS = 1e9;

  @Mixin private BenchNetworkOptions options;

  @Option(
      names = "--dataset",
      defaultValue = "cityscapes",
      description = "Description of the dataset (${DEFAULT-VALUE}).")
  private String dataset;

  @Option(names = "--root", required = true, paramLabel = "URI", description = "Where it is.")
  private String root;

  @Option(names = "--split", defaultValue = "train", description = "Split (${DEFAULT-VALUE}).")
  private String split;

  @Option(
      names = "--images",
      defaultValue = "10",
      description = "Images of a pass, at most those of the split (${DEFAULT-VALUE}).")
  private int images;

  /** A pass over the images. */
  private interface Pass {
    ConfusionMatrix run() throws IOException;
  }

  @Override
  public Integer call() throws IOException {
    RunConfig config = config();
    Configuration hadoop = Configurations.hadoop();
    ResolvedData data =
        ResolvedData.of(
            config.data(), Configurations.texts(hadoop), Set.of(ResolvedData.Part.EVALUATION));
    SplitPlan plan =
        SplitPlan.prepare(
            data.evaluation(),
            config.data().evaluation(),
            data.classes(),
            SplitPlan.Labels.NEEDED,
            1,
            config.data().maxPixels(),
            config.data().normalisation(),
            hadoop);
    int count = Math.min(images, plan.size());
    int classes = data.classes().size();
    LearnerState state = state(config, classes);
    SplitEvaluatorFactory factory =
        new SplitEvaluatorFactory(
            config.model(),
            options.arithmetic(),
            classes,
            IntStream.range(0, classes).boxed().toList(),
            plan,
            new HadoopSettings(hadoop));
    double[] before = new double[options.iterations];
    double[] after = new double[options.iterations];
    try (Evaluator evaluator = factory.create(state);
        Split files = plan.open(hadoop);
        Segmenter segmenter =
            new Segmenter(
                Networks.architecture(config.model(), classes),
                state.values(StateNames.GENERATOR_PARAMETERS),
                config.model().alignCorners(),
                options.arithmetic())) {
      for (int i = 0; i < options.iterations; i++) {
        ConfusionMatrix[] counted = new ConfusionMatrix[2];
        before[i] = timed(counted, 0, count, () -> oneByOne(files, segmenter, classes, count));
        after[i] = timed(counted, 1, count, () -> readAhead(evaluator, count));
        requireSame(counted[0], counted[1]);
        System.out.printf(
            Locale.ROOT, "pass %d: before %.4f s, after %.4f s%n", i, before[i], after[i]);
      }
    }
    report(count, median(before), median(after));
    return CommandLine.ExitCode.OK;
  }

  private RunConfig config() {
    String domain = "{dataset: %s, split: %s, width: 64, height: 64}".formatted(dataset, split);
    return ConfigLoader.load(
        """
        run: {name: bench}
        schedule: {phases: [{phase: source-only, iterations: 1}]}
        output: {dir: unused}
        data: {classes: cityscapes-19, source: %1$s, target: %1$s, evaluation: %1$s}
        """
            .formatted(domain),
        "bench split",
        List.of(
            "data.source.root=" + root,
            "data.target.root=" + root,
            "data.evaluation.root=" + root,
            "data.evaluation.width=" + options.width,
            "data.evaluation.height=" + options.height,
            "model.layers=" + options.layers,
            "model.base-width=" + options.baseWidth,
            "cluster.threads-per-worker=" + NativeThreads.count()));
  }

  private static LearnerState state(RunConfig config, int classes) {
    try (Networks networks = new Networks(config, classes)) {
      networks.initialize(1);
      return new LearnerState(
          List.of(
              new LearnerState.Vector(
                  StateNames.GENERATOR_PARAMETERS, networks.generator().parameters())));
    }
  }

  private static double timed(ConfusionMatrix[] counted, int at, int images, Pass pass)
      throws IOException {
    long begin = System.nanoTime();
    counted[at] = pass.run();
    return (System.nanoTime() - begin) / NANOS / images;
  }

  private static ConfusionMatrix oneByOne(Split files, Segmenter segmenter, int classes, int count)
      throws IOException {
    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    for (int i = 0; i < count; i++) {
      Image image = files.unlabelled(i).image();
      LabelImage truth = files.originalLabels(i);
      matrix.add(truth.values(), segmenter.predict(image, truth.height(), truth.width()));
    }
    return matrix;
  }

  private static ConfusionMatrix readAhead(Evaluator evaluator, int count) throws IOException {
    evaluator.expect(0, count);
    ConfusionMatrix matrix = evaluator.evaluate(0);
    for (int i = 1; i < count; i++) {
      matrix.merge(evaluator.evaluate(i));
    }
    return matrix;
  }

  private static void requireSame(ConfusionMatrix before, ConfusionMatrix after) {
    if (!Arrays.deepEquals(before.toArray(), after.toArray())) {
      throw new IllegalStateException(
          "Cannot compare: expected the same counts of both, found others");
    }
  }

  private void report(int count, double before, double after) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("threads", NativeThreads.count());
    result.putAll(options.facts());
    result.put("images", count);
    result.put("before_s", before);
    result.put("after_s", after);
    result.put("speed_up", before / after);
    System.out.println(Json.line(result));
  }

  private static double median(double[] seconds) {
    double[] sorted = Arrays.copyOfRange(seconds, Math.min(1, seconds.length - 1), seconds.length);
    Arrays.sort(sorted);
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }
}
