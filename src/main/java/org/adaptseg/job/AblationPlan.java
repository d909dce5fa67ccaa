package org.adaptseg.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.adaptseg.config.Level;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.report.AblationTables.Lambda;
import org.adaptseg.report.AblationTables.Row;

/**
 * The runs behind the paper's tables, as overrides of one base configuration: its two-level method
 * gives the lambdas, everything else is the same in all runs. Published numbers are the paper's for
 * GTA5 to Cityscapes with ResNet-101 (tables 1, 3 and 5), those of the entropy map and of MinEnt
 * are of Vu et al. 2019.
 *
 * @param base the base configuration
 * @param iterations iterations of every run
 * @param seeds seeds of the table of methods
 * @param factors lambda_adv of the second table relative to the base's, with the published numbers
 * @param methods names of the rows of the table of methods; none for all
 */
public record AblationPlan(
    RunConfig base, long iterations, List<Long> seeds, List<Double> factors, List<String> methods) {
  public static final String ORACLE = "oracle";
  private static final String MAIN_ALONE = "model.levels={main: 4}";
  private static final double[] PUBLISHED_FACTORS = {0.5, 1, 2, 4};
  private static final double[] PUBLISHED_FEATURE = {35.3, 39.3, 35.9, 32.8};
  private static final double[] PUBLISHED_OUTPUT = {40.2, 41.4, 40.4, 40.1};
  private static final int LEAST_SQUARES_FACTOR = 10;

  private enum Method {
    SOURCE_ONLY("source-only", "source only", OptionalDouble.of(36.6)),
    /** What the target's forward does to batch normalisation, without any adversary. */
    STATISTICS(
        "statistics", "control: lambda_adv 0, target statistics only", OptionalDouble.empty()),
    /** The same weights as source only, scored with statistics of target images. */
    ADABN("adabn", "AdaBN: source only, statistics of target images", OptionalDouble.empty()),
    FEATURE("feature", "feature adaptation, single-level", OptionalDouble.of(39.3)),
    SINGLE("single-level", "output adaptation, single-level", OptionalDouble.of(41.4)),
    MULTI("multi-level", "output adaptation, multi-level", OptionalDouble.of(42.4)),
    LEAST_SQUARES(
        "least-squares", "output adaptation, single-level, least squares", OptionalDouble.of(44.1)),
    ENTROPY("entropy-map", "entropy map (ADVENT), multi-level", OptionalDouble.of(43.8)),
    /** Lambda_adv of the base weighs the entropy. */
    MINIMAL_ENTROPY("minent", "entropy minimised (MinEnt), multi-level", OptionalDouble.of(42.3)),
    SELF_TRAINING("self-training", "self-training, multi-level", OptionalDouble.empty()),
    BOTH(
        "adversarial-self-training",
        "output adaptation and self-training, multi-level",
        OptionalDouble.empty()),
    BOUND(ORACLE, "oracle (trained on target labels)", OptionalDouble.of(65.1));

    private final String key;
    private final String title;
    private final OptionalDouble published;

    Method(String key, String title, OptionalDouble published) {
      this.key = key;
      this.title = title;
      this.published = published;
    }
  }

  public AblationPlan {
    List<String> known = Arrays.stream(Method.values()).map(m -> m.key).toList();
    if (!known.containsAll(methods)) {
      throw new ConfigException(
          "the options",
          List.of(
              "--methods: expected some of %s, found %s"
                  .formatted(String.join(", ", known), String.join(", ", methods))));
    }
    methods = methods.isEmpty() ? known : List.copyOf(methods);
  }

  private List<Method> chosen() {
    return Arrays.stream(Method.values()).filter(m -> methods.contains(m.key)).toList();
  }

  /** Rows of the table of methods. */
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (Method m : chosen()) {
      rows.add(new Row(m.key, m.title, m.published));
    }
    return rows;
  }

  /** Columns of the table of lambdas. */
  public List<Lambda> lambdas() {
    List<Lambda> lambdas = new ArrayList<>();
    for (double factor : factors) {
      int i = Arrays.binarySearch(PUBLISHED_FACTORS, factor);
      if (i < 0) {
        throw new IllegalArgumentException(
            "Cannot compare with the paper: expected factors of lambda of 0.5, 1, 2 and 4, found "
                + factor);
      }
      lambdas.add(
          new Lambda(
              rounded(factor * lambda()),
              name(Method.FEATURE, factor),
              name(Method.SINGLE, factor),
              PUBLISHED_FEATURE[i],
              PUBLISHED_OUTPUT[i]));
    }
    return lambdas;
  }

  private double lambda() {
    return base.loss().adversarial(Level.MAIN);
  }

  /** Without the dust of binary fractions: 0.002 rather than 0.0020000000000000000416. */
  private static double rounded(double value) {
    return new java.math.BigDecimal(value)
        .round(new java.math.MathContext(6, java.math.RoundingMode.HALF_EVEN))
        .doubleValue();
  }

  private static String name(Method method, double factor) {
    return factor == 1 ? method.key : method.key + "-lambda-x" + factor;
  }

  /** All runs, the table of methods first, seed by seed. */
  public List<PlannedRun> runs() {
    List<PlannedRun> runs = new ArrayList<>();
    for (long seed : seeds) {
      for (Method m : chosen()) {
        runs.add(run(m, seed));
      }
    }
    for (double factor : factors) {
      for (Method m : List.of(Method.FEATURE, Method.SINGLE)) {
        if (factor != 1) {
          long seed = seeds.get(0);
          runs.add(new PlannedRun(name(m, factor), seed, overrides(m, factor, seed)));
        }
      }
    }
    return runs;
  }

  private PlannedRun run(Method method, long seed) {
    Optional<PlannedRun> twin =
        method == Method.ADABN ? Optional.of(run(Method.SOURCE_ONLY, seed)) : Optional.empty();
    return new PlannedRun(method.key, seed, overrides(method, 1, seed), twin);
  }

  private List<String> overrides(Method method, double factor, long seed) {
    List<String> all = new ArrayList<>();
    all.add("run.name=" + PlannedRun.directory(name(method, factor), seed));
    all.add("run.seed=" + seed);
    String phase =
        switch (method) {
          case SOURCE_ONLY, ADABN -> "source-only";
          case BOUND -> "oracle";
          case MINIMAL_ENTROPY -> "entropy";
          case SELF_TRAINING -> "self-training";
          case BOTH -> "adversarial-self-training";
          default -> "adversarial";
        };
    all.add(
        String.format(
            Locale.ROOT, "schedule.phases=[{phase: %s, iterations: %d}]", phase, iterations));
    // As the base: the rates end where they end there.
    long decay =
        Math.round(
            (double) base.optimizer().decay().totalIterations()
                * iterations
                / base.schedule().iterations());
    all.add("optimizer.decay.total-iterations=" + Math.max(decay, iterations));
    all.add("output.checkpoint-interval=" + iterations);
    all.add("output.keep-checkpoints=1");
    all.add("evaluation.interval=0");
    all.add("cluster.workers=1");
    UnaryOperator<String> main = value -> "{main: " + value + "}";
    String segmentation = main.apply("1.0");
    String adversarial = main.apply(String.valueOf(rounded(factor * lambda())));
    switch (method) {
      case SOURCE_ONLY, BOUND, SINGLE -> single(all, segmentation, adversarial);
      case ADABN -> {
        single(all, segmentation, adversarial);
        all.add("evaluation.batch-norm=target");
      }
      case STATISTICS -> single(all, segmentation, main.apply("0.0"));
      case FEATURE -> {
        single(all, segmentation, adversarial);
        all.add("loss.adaptation=feature");
      }
      case LEAST_SQUARES -> {
        double lambda = rounded(LEAST_SQUARES_FACTOR * lambda());
        single(all, segmentation, main.apply(String.valueOf(lambda)));
        all.add("loss.gan=least-squares");
      }
      case ENTROPY -> all.add("loss.discriminator-input=weighted-self-information");
      case MINIMAL_ENTROPY ->
          all.add(
              "loss.entropy-weight="
                  + base.loss().adversarialWeight().toString().replace("=", ": "));
      case MULTI, SELF_TRAINING, BOTH -> {}
    }
    return all;
  }

  private static void single(List<String> all, String segmentation, String adversarial) {
    all.add(MAIN_ALONE);
    all.add("loss.segmentation-weight=" + segmentation);
    all.add("loss.adversarial-weight=" + adversarial);
  }
}
