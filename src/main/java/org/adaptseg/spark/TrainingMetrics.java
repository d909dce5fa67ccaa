package org.adaptseg.spark;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.adaptseg.train.Losses;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.schedule.RoundPlan;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.MetricsSystem;
import org.apache.spark.metrics.source.Source;
import scala.collection.Iterator;

/**
 * A run among the metrics of Spark's driver, for the sinks that spark.metrics.conf names: source
 * {@value #NAME}, with the metrics that docs/metrics.md lists. A term of the losses is there from
 * the first round on that computes it. What is not known, or not computed in the last round, is
 * NaN.
 *
 * <p>Spark declares sources as its own affair, yet its interface is public to the JVM, and
 * implementing it is what other projects do; there is no other way to a sink.
 */
public final class TrainingMetrics implements TrainingListener, Source {
  /** Name of the source. */
  public static final String NAME = "training";

  private static final String LOSS = "loss";
  private static final String DIVERGENCE = "divergence";

  private final MetricRegistry registry = new MetricRegistry();
  private final Map<String, Double> values = new ConcurrentHashMap<>();
  private final Counter rounds = registry.counter("rounds");
  private final Counter bytesAveraged = registry.counter("bytes-averaged");
  private final Counter samplesDecoded = registry.counter("samples-decoded");
  private final Counter iterationsSkipped = registry.counter("iterations-skipped");

  /** Metrics of which nothing is known yet. */
  public TrainingMetrics() {
    List.of(
            "iteration",
            "iterations-total",
            "miou",
            "round-seconds",
            "step-seconds",
            "input-wait-seconds")
        .forEach(this::gauge);
  }

  private void gauge(String name) {
    Gauge<Double> gauge = () -> values.getOrDefault(name, Double.NaN);
    registry.register(name, gauge);
  }

  @Override
  public String sourceName() {
    return NAME;
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }

  /** Takes the place of an earlier run's metrics in the same context; stays until it stops. */
  @Override
  public void onStart(long iteration, long totalIterations, List<String> notes) {
    values.put("iteration", (double) iteration);
    values.put("iterations-total", (double) totalIterations);
    MetricsSystem system = SparkEnv.get().metricsSystem();
    for (Iterator<Source> old = system.getSourcesByName(NAME).iterator(); old.hasNext(); ) {
      system.removeSource(old.next());
    }
    system.registerSource(this);
  }

  @Override
  public void onSkipped(RoundPlan plan, List<RoundReport.Skipped> skipped) {
    iterationsSkipped.inc(skipped.size());
  }

  @Override
  public void onRound(RoundPlan plan, List<RoundReport.Iteration> losses, RoundTimings timings) {
    Map<String, Double> means = new HashMap<>();
    Losses.mean(losses.stream().map(RoundReport.Iteration::losses).toList())
        .terms()
        .forEach(
            (term, levels) ->
                levels.forEach(
                    (level, mean) ->
                        means.put(MetricRegistry.name(LOSS, term, level.name()), mean)));
    timings
        .divergence()
        .forEach((name, value) -> means.put(MetricRegistry.name(DIVERGENCE, name), value));
    values.putAll(means);
    values.keySet().removeIf(n -> isOfARound(n) && !means.containsKey(n));
    means.keySet().stream().filter(n -> !registry.getNames().contains(n)).forEach(this::gauge);
    values.put("iteration", (double) plan.endIteration());
    values.put("round-seconds", timings.round());
    values.put("step-seconds", timings.step());
    values.put("input-wait-seconds", timings.inputWait());
    rounds.inc();
    bytesAveraged.inc(timings.bytesAveraged());
    samplesDecoded.inc(timings.samplesDecoded());
  }

  private static boolean isOfARound(String name) {
    return name.startsWith(LOSS + ".") || name.startsWith(DIVERGENCE + ".");
  }

  @Override
  public void onEvaluation(long iteration, ConfusionMatrix matrix) {
    values.put("miou", Scores.of(matrix).miou());
  }
}
