package org.adaptseg.spark;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.adaptseg.config.Level;
import org.adaptseg.config.Phase;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.adaptseg.train.Losses.LevelLosses;
import org.adaptseg.train.RoundPlan;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.TrainingListener;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.MetricsSystem;
import org.apache.spark.metrics.source.Source;
import scala.collection.Iterator;

/**
 * A run among the metrics of Spark's driver, for the sinks that spark.metrics.conf names: source
 * {@value #NAME}, with the metrics that docs/metrics.md lists. What is not known, or not computed
 * in the phase, is NaN.
 *
 * <p>Spark declares sources as its own affair, yet its interface is public to the JVM, and
 * implementing it is what other projects do; there is no other way to a sink.
 */
public final class TrainingMetrics implements TrainingListener, Source {
  /** Name of the source. */
  public static final String NAME = "training";

  private final MetricRegistry registry = new MetricRegistry();
  private final Map<String, Double> values = new ConcurrentHashMap<>();
  private final List<Level> levels;
  private final Counter rounds = registry.counter("rounds");
  private final Counter bytesAveraged = registry.counter("bytes-averaged");
  private final Counter samplesDecoded = registry.counter("samples-decoded");
  private final Counter iterationsSkipped = registry.counter("iterations-skipped");

  /**
   * @param levels output levels of the generator
   */
  public TrainingMetrics(List<Level> levels) {
    this.levels = List.copyOf(levels);
    for (Level level : levels) {
      for (String loss : List.of("segmentation", "adversarial", "discriminator")) {
        gauge(loss(loss, level));
      }
    }
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

  private static String loss(String kind, Level level) {
    return MetricRegistry.name("loss", kind, level.name());
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
    boolean adversarial = plan.phase() == Phase.ADVERSARIAL;
    for (Level level : levels) {
      put("segmentation", level, true, losses, LevelLosses::segmentation);
      put("adversarial", level, adversarial, losses, LevelLosses::adversarial);
      put("discriminator", level, adversarial, losses, LevelLosses::discriminator);
    }
    values.put("iteration", (double) plan.endIteration());
    values.put("round-seconds", timings.round());
    values.put("step-seconds", timings.step());
    values.put("input-wait-seconds", timings.inputWait());
    rounds.inc();
    bytesAveraged.inc(timings.bytesAveraged());
    samplesDecoded.inc(timings.samplesDecoded());
  }

  private void put(
      String kind,
      Level level,
      boolean computed,
      List<RoundReport.Iteration> losses,
      ToDoubleFunction<LevelLosses> loss) {
    double mean =
        losses.stream()
            .map(iteration -> iteration.losses().levels().get(level))
            .mapToDouble(of -> of == null ? Double.NaN : loss.applyAsDouble(of))
            .average()
            .orElse(Double.NaN);
    values.put(loss(kind, level), computed ? mean : Double.NaN);
  }

  @Override
  public void onEvaluation(long iteration, ConfusionMatrix matrix) {
    values.put("miou", Scores.of(matrix).miou());
  }
}
