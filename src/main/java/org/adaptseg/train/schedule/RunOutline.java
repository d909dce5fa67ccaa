package org.adaptseg.train.schedule;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.adaptseg.config.Cluster;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.RunConfig.PhasePlan;

/**
 * What a run is going to do, for a person: iterations, images, learning rates, hours of its
 * workers.
 *
 * @param config the run
 * @param schedule what its workers make of the configured schedule
 * @param sourceImages number of images of the source
 * @param targetImages number of images of the target
 */
public record RunOutline(
    RunConfig config, Schedule schedule, long sourceImages, long targetImages) {
  private static final double SECONDS_OF_AN_HOUR = 3600;

  /** The outline of a configuration. */
  public static RunOutline of(RunConfig config, long sourceImages, long targetImages) {
    return new RunOutline(config, Schedule.of(config), sourceImages, targetImages);
  }

  /** Iterations of all workers together. */
  public long workerIterations() {
    return schedule.totalIterations() * config.cluster().workers();
  }

  /** Hours of all workers together, if an iteration takes a worker so many seconds. */
  public double workerHours(double secondsPerIteration) {
    return workerIterations() * secondsPerIteration / SECONDS_OF_AN_HOUR;
  }

  /** Lines for a person. */
  public List<String> describe() {
    List<String> lines = new ArrayList<>();
    lines.add(iterations());
    lines.add(averaging());
    lines.add(images());
    lines.add(rates());
    lines.add(
        String.format(
            Locale.ROOT,
            "work: %d iterations of one worker: %s worker-hours for each second that one takes",
            workerIterations(),
            number(workerHours(1))));
    return lines;
  }

  private String iterations() {
    Cluster cluster = config.cluster();
    long stated = config.schedule().iterations();
    String why =
        cluster.workers() == 1
            ? "as stated"
            : cluster.scaling() == Cluster.Scaling.TIME
                ? String.format(
                    Locale.ROOT, "%d stated for one worker; cluster.scaling: time", stated)
                : "as stated; cluster.scaling: work";
    return String.format(
        Locale.ROOT,
        "run: %d iterations (%s) on %d %s in %d rounds; a checkpoint every %d, an evaluation %s",
        schedule.totalIterations(),
        why,
        cluster.workers(),
        cluster.workers() == 1 ? "worker" : "workers",
        schedule.rounds(),
        schedule.checkpointInterval(),
        schedule.evaluationInterval() == 0
            ? "at the end"
            : "every " + schedule.evaluationInterval());
  }

  /** What of an interval is left to rounds that evaluations and the like end before. */
  private static final double NOTED = 0.9;

  /** The intervals, and where rounds do not have their length. */
  private String averaging() {
    Map<AveragingIntervals.Span, List<RoundPlan>> rounds = new LinkedHashMap<>();
    for (Iterator<RoundPlan> plans = schedule.from(0); plans.hasNext(); ) {
      RoundPlan plan = plans.next();
      rounds
          .computeIfAbsent(
              schedule.averaging().at(plan.firstIteration()), span -> new ArrayList<>())
          .add(plan);
    }
    List<String> parts = new ArrayList<>();
    boolean cut = false;
    for (Map.Entry<AveragingIntervals.Span, List<RoundPlan>> entry : rounds.entrySet()) {
      int interval = entry.getKey().iterations();
      double mean =
          entry.getValue().stream().mapToInt(RoundPlan::iterations).average().orElseThrow();
      boolean shorter = mean < NOTED * interval;
      cut |= shorter;
      parts.add(
          String.format(
              Locale.ROOT,
              "every %d iterations%s%s",
              interval,
              entry.getKey().end() >= schedule.totalIterations()
                  ? ""
                  : " until iteration " + entry.getKey().end(),
              shorter
                  ? String.format(Locale.ROOT, " (rounds have %s on average)", number(mean))
                  : ""));
    }
    return "averaging: "
        + String.join(", then ", parts)
        + (cut ? "; evaluations, checkpoints and ends of phases end rounds, too" : "");
  }

  private String images() {
    long source = 0;
    long target = 0;
    for (PhasePlan plan : schedule.phases()) {
      Phase phase = plan.phase();
      source += phase.sources() ? plan.iterations() : 0;
      target += phase.targets() || phase.labelledTargets() ? plan.iterations() : 0;
    }
    long each = (long) config.cluster().workers() * config.optimizer().imagesOfAnIteration();
    String drawn =
        config.data().rareClasses().sampling()
            ? String.format(Locale.ROOT, "drawn by their classes from %d", sourceImages)
            : epochs(source * each, sourceImages);
    return String.format(
        Locale.ROOT,
        "images: %d of the source (%s), %d of the target (%s)",
        source * each,
        drawn,
        target * each,
        epochs(target * each, targetImages));
  }

  private static String epochs(long seen, long of) {
    return String.format(Locale.ROOT, "%.2f epochs of %d", (double) seen / of, of);
  }

  private String rates() {
    LearningRates rates = LearningRates.of(config);
    Map<String, Double> first = rates.at(lastPhase(), 0);
    List<String> parts = new ArrayList<>();
    rates
        .at(lastPhase(), schedule.totalIterations() - 1)
        .forEach(
            (name, end) -> {
              double begin = first.get(name);
              double of = name.equals("heads") ? rates.headFactor() : 1;
              String rise = name.equals("discriminator") ? "" : raised(rates, of);
              parts.add("%s %s%s, %s at the end".formatted(name, number(begin), rise, number(end)));
            });
    return "learning rates: " + String.join("; ", parts);
  }

  /**
   * What warm-ups make of a rate.
   *
   * @param of the rate relative to the generator's
   */
  private static String raised(LearningRates rates, double of) {
    double factor = rates.warmup().factor();
    long iterations = Math.max(rates.warmup().iterations(), rates.beginning().iterations());
    String why =
        factor > 1 ? String.format(Locale.ROOT, " (× %s for several workers)", number(factor)) : "";
    return iterations == 0
        ? why
        : String.format(
            Locale.ROOT,
            ", rising to %s in %s%s",
            number(of * rates.generatorAt(iterations)),
            iterations == 1 ? "an iteration" : iterations + " iterations",
            why);
  }

  /** Three digits, as a person would write them. */
  private static String number(double value) {
    return BigDecimal.valueOf(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }

  private Phase lastPhase() {
    List<PhasePlan> phases = schedule.phases();
    return phases.get(phases.size() - 1).phase();
  }
}
