package org.adaptseg.cli;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.adaptseg.config.RunConfig;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.job.TrainingJob;
import org.adaptseg.train.ClusterEstimate;
import org.adaptseg.train.RoundCost;
import org.adaptseg.train.RoundEstimate;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of what a run will take in time and money, and what a dry run says of it. */
final class DryRunCosts {
  /** Enough that a round's first iteration, which fetches its samples, is not all of it. */
  private static final int ITERATIONS = 2;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--measure",
      description =
          "Start Spark as the run would and time four rounds of two iterations; nothing of them is"
              + " kept.")
  private boolean measure;

  @Option(
      names = "--step-seconds",
      paramLabel = "S",
      description = "Seconds of an iteration, as step_seconds of a run says.")
  private Double stepSeconds;

  @Option(
      names = "--round-seconds",
      paramLabel = "S",
      description =
          "Seconds of a round beyond its iterations; otherwise computed, for a network of 10"
              + " Gbit/s.")
  private Double roundSeconds;

  @Option(
      names = "--price",
      paramLabel = "P",
      description = "Price of a worker's hour, in any currency.")
  private Double price;

  /** Refuses options that have no effect. */
  void require(boolean dryRun) {
    boolean any = measure || stepSeconds != null || roundSeconds != null || price != null;
    if (any && !dryRun) {
      throw wrong("--measure, --step-seconds, --round-seconds and --price need --dry-run");
    }
    if (measure && (stepSeconds != null || roundSeconds != null)) {
      throw wrong("expected --measure or times, found both");
    }
    if (!measure && stepSeconds == null && (roundSeconds != null || price != null)) {
      throw wrong("--round-seconds and --price need --step-seconds or --measure");
    }
    if (stepSeconds != null && !(stepSeconds > 0)
        || roundSeconds != null && !(roundSeconds >= 0)
        || price != null && !(price >= 0)) {
      throw wrong("expected seconds and a price above 0, found less");
    }
  }

  private ParameterException wrong(String problem) {
    return new ParameterException(command.commandLine(), problem);
  }

  /** Lines for a person. */
  List<String> describe(RunConfig config, RoundEstimate round, TrainingJob job) {
    double computed = round.averagingSeconds(ClusterEstimate.TEN_GIGABIT);
    if (!measure && stepSeconds == null) {
      double share = ClusterEstimate.SHARE;
      return List.of(
          String.format(
              Locale.ROOT,
              "averaging: computed: %.3g s a round at 10 Gbit/s, at most %.0f %% of the time where the iterations of a round take %.3g s; --step-seconds or --measure make an interval of it",
              computed,
              100 * share,
              computed * (1 - share) / share));
    }
    RoundCost cost =
        measure
            ? measured(config, job)
            : new RoundCost(stepSeconds, roundSeconds == null ? computed : roundSeconds);
    return new ClusterEstimate(config, round, cost)
        .describe(price == null ? OptionalDouble.empty() : OptionalDouble.of(price));
  }

  private static RoundCost measured(RunConfig config, TrainingJob job) {
    try (SparkHandle spark = SparkHandle.open(config)) {
      return job.measure(spark, ITERATIONS);
    }
  }
}
