package org.adaptseg.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.adaptseg.config.Level;
import org.adaptseg.config.Phase;
import org.adaptseg.data.store.Json;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.schedule.LearningRates;
import org.adaptseg.train.schedule.RoundPlan;

/**
 * One line of {@code metrics.jsonl}: a JSON object whose fields docs/metrics.md describes. JSON has
 * no number for NaN and infinity, so null stands for them.
 *
 * @param kind what is measured
 * @param iteration iterations made before it began
 * @param end iterations made when it had ended
 * @param json the object, with a newline at its end
 */
record MetricsLine(Kind kind, long iteration, long end, byte[] json) {
  private static final String LEARNING_RATE = "learning_rate";

  enum Kind {
    ITERATION,
    SKIPPED,
    ROUND,
    EVALUATION;

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The fields of an iteration that a worker left out. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  private record SkippedFields(String kind, long iteration, String what, String samples) {}

  /** The fields of a round. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  private record RoundFields(
      String kind,
      double time,
      long round,
      String phase,
      long iteration,
      int iterations,
      double seconds,
      double stepSeconds,
      double inputWaitSeconds,
      int workers,
      long bytesAveraged,
      long samplesDecoded,
      Map<String, Double> divergence) {}

  /** The fields of an evaluation. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  private record EvaluationFields(
      String kind,
      double time,
      long iteration,
      Double miou,
      Map<String, Double> iou,
      Map<String, Double> precision,
      Map<String, Double> recall,
      Map<String, Double> f1,
      Double pixelAccuracy,
      Double frequencyWeightedIou,
      Double calibrationError,
      List<String> classes,
      long[][] confusion) {}

  static MetricsLine of(RoundReport.Iteration iteration, Phase phase, LearningRates rates) {
    long at = iteration.iteration();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", Kind.ITERATION.key());
    fields.put("iteration", at);
    fields.put("phase", phase.key());
    iteration
        .losses()
        .terms()
        .forEach(
            (term, levels) -> {
              if (fields.containsKey(term) || term.equals(LEARNING_RATE)) {
                throw new IllegalArgumentException(
                    "Cannot record a loss: expected a name that no other field has, found " + term);
              }
              fields.put(term, numbers(levels));
            });
    fields.put(LEARNING_RATE, rates.at(phase, at));
    return line(Kind.ITERATION, at, at + 1, fields);
  }

  static MetricsLine of(RoundReport.Skipped skipped) {
    long at = skipped.iteration();
    return line(
        Kind.SKIPPED,
        at,
        at + 1,
        new SkippedFields(Kind.SKIPPED.key(), at, skipped.what(), skipped.samples()));
  }

  /**
   * @param time seconds since 1970
   */
  static MetricsLine of(RoundPlan plan, RoundTimings timings, double time) {
    return line(
        Kind.ROUND,
        plan.firstIteration(),
        plan.endIteration(),
        new RoundFields(
            Kind.ROUND.key(),
            time,
            plan.round(),
            plan.phase().key(),
            plan.firstIteration(),
            plan.iterations(),
            timings.round(),
            timings.step(),
            timings.inputWait(),
            timings.workers(),
            timings.bytesAveraged(),
            timings.samplesDecoded(),
            timings.divergence()));
  }

  /**
   * @param time seconds since 1970
   */
  static MetricsLine of(long iteration, ConfusionMatrix matrix, List<String> classes, double time) {
    Scores scores = Scores.of(matrix);
    return line(
        Kind.EVALUATION,
        iteration,
        iteration,
        new EvaluationFields(
            Kind.EVALUATION.key(),
            time,
            iteration,
            number(scores.miou()),
            byClass(classes, scores.iou()),
            byClass(classes, scores.precision()),
            byClass(classes, scores.recall()),
            byClass(classes, scores.f1()),
            number(scores.pixelAccuracy()),
            number(scores.frequencyWeightedIou()),
            number(scores.calibrationError()),
            classes,
            matrix.toArray()));
  }

  /**
   * Reads a line back.
   *
   * @throws IOException with what is wrong with it
   */
  static MetricsLine parse(String text) throws IOException {
    JsonNode node;
    try {
      node = Json.tree(text);
    } catch (JsonProcessingException e) {
      throw new IOException("expected a JSON object, found: " + e.getOriginalMessage(), e);
    }
    for (Kind kind : Kind.values()) {
      if (node.path("kind").asText().equals(kind.key())
          && node.path("iteration").canConvertToLong()) {
        long iteration = node.path("iteration").asLong();
        long length =
            switch (kind) {
              case ITERATION, SKIPPED -> 1;
              case ROUND -> node.path("iterations").asLong();
              case EVALUATION -> 0;
            };
        byte[] json = (text + "\n").getBytes(StandardCharsets.UTF_8);
        return new MetricsLine(kind, iteration, iteration + length, json);
      }
    }
    throw new IOException("expected a kind of line and its iteration, found: " + text);
  }

  private static Map<String, Double> numbers(Map<Level, Double> levels) {
    Map<String, Double> values = new LinkedHashMap<>();
    levels.forEach((level, value) -> values.put(level.name(), number(value)));
    return values;
  }

  private static Map<String, Double> byClass(List<String> classes, List<Double> values) {
    Map<String, Double> named = new LinkedHashMap<>();
    for (int c = 0; c < classes.size(); c++) {
      named.put(classes.get(c), number(values.get(c)));
    }
    return named;
  }

  private static Double number(double value) {
    return Double.isFinite(value) ? Double.valueOf(value) : null;
  }

  private static MetricsLine line(Kind kind, long iteration, long end, Object fields) {
    byte[] json = (Json.line(fields) + "\n").getBytes(StandardCharsets.UTF_8);
    return new MetricsLine(kind, iteration, end, json);
  }
}
