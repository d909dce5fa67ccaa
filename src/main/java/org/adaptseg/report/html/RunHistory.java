package org.adaptseg.report.html;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.adaptseg.data.store.Json;
import org.adaptseg.metrics.Scores;
import org.adaptseg.report.html.LossCurves.Curve;
import org.adaptseg.train.Losses;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The course of a run, from {@code metrics.jsonl} in its directory. Lines of other kinds, and
 * fields that it does not know, are skipped.
 */
public final class RunHistory {
  private static final String FILE = "metrics.jsonl";
  private static final String RATES = "learning_rate";

  private final LossCurves losses;
  private final TreeMap<Long, Evaluation> evaluations = new TreeMap<>();
  private long lastIteration = -1;
  private double seconds;
  private final Map<String, DoubleSummaryStatistics> divergence = new LinkedHashMap<>();

  /**
   * The scores after a number of iterations.
   *
   * @param iteration iterations made
   * @param miou fraction; NaN if no class was present
   * @param iou fraction per class, NaN for a class that neither labels nor predictions contain
   * @param confusion pixels, rows are truth
   * @param calibrationError fraction; NaN for a run that did not count it
   */
  public record Evaluation(
      long iteration, double miou, List<Double> iou, long[][] confusion, double calibrationError) {
    /** All scores, of the classes that have an IoU. */
    public Scores scores() {
      List<Integer> scored =
          IntStream.range(0, iou.size()).filter(c -> !iou.get(c).isNaN()).boxed().toList();
      return Scores.of(confusion, scored, calibrationError);
    }
  }

  private RunHistory(long iterations) {
    this.losses = new LossCurves(iterations);
  }

  /**
   * Reads the history of a run directory; an empty one if nothing was recorded.
   *
   * @param iterations of the whole run
   * @param classes class names in the order of train ids
   * @throws IOException also if a line is no JSON or lacks what its kind has
   */
  public static RunHistory read(
      Path directory, long iterations, List<String> classes, Configuration hadoop)
      throws IOException {
    RunHistory history = new RunHistory(iterations);
    Path file = new Path(directory, FILE);
    try (InputStream in = file.getFileSystem(hadoop).open(file);
        MappingIterator<JsonNode> lines = Json.trees(in)) {
      while (lines.hasNextValue()) {
        history.add(lines.nextValue(), classes);
      }
    } catch (FileNotFoundException e) {
      return history;
    } catch (JsonProcessingException | MissingField e) {
      throw new IOException("Cannot read a run's metrics: %s (%s)".formatted(reason(e), file), e);
    }
    return history;
  }

  private static String reason(Exception e) {
    return e instanceof JsonProcessingException json
        ? "expected JSON, found " + Json.problem(json)
        : e.getMessage();
  }

  /** A line that does not hold what its kind holds. */
  private static final class MissingField extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissingField(String expected, JsonNode line) {
      super("expected %s, found %s".formatted(expected, shorten(line.toString())));
    }

    private static String shorten(String text) {
      return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
  }

  private void add(JsonNode line, List<String> classes) {
    switch (line.path("kind").asText()) {
      case "iteration" -> addIteration(line);
      case "round" -> addRound(line);
      case "evaluation" -> addEvaluation(line, classes);
      default -> {
        // a kind that only others read
      }
    }
  }

  private void addRound(JsonNode line) {
    seconds += line.path("seconds").asDouble();
    line.path("divergence")
        .properties()
        .forEach(
            network -> {
              if (network.getValue().isNumber()) {
                divergence
                    .computeIfAbsent(network.getKey(), name -> new DoubleSummaryStatistics())
                    .accept(network.getValue().asDouble());
              }
            });
  }

  private void addIteration(JsonNode line) {
    long iteration = iteration(line);
    if (iteration <= lastIteration) {
      return; // reported again after a resume, with the same values
    }
    lastIteration = iteration;
    // Whatever else has values by level is a loss.
    line.properties()
        .forEach(
            field -> {
              if (Losses.isTerm(field.getKey()) && !field.getKey().equals(RATES)) {
                addLoss(field.getKey(), field.getValue(), iteration);
              }
            });
  }

  private void addLoss(String loss, JsonNode levels, long iteration) {
    levels
        .properties()
        .forEach(
            level -> {
              if (level.getValue().isNumber()) {
                losses.add(new Curve(loss, level.getKey()), iteration, level.getValue().asDouble());
              }
            });
  }

  private void addEvaluation(JsonNode line, List<String> classes) {
    List<Double> iou = new ArrayList<>();
    for (String name : classes) {
      JsonNode value = line.path("iou").path(name);
      if (value.isMissingNode()) {
        throw new MissingField("the IoU of class " + name, line);
      }
      iou.add(value.isNumber() ? value.asDouble() : Double.NaN);
    }
    int n = classes.size();
    JsonNode rows = line.path("confusion");
    long[][] confusion = new long[n][n];
    for (int t = 0; t < n; t++) {
      if (rows.size() != n || rows.get(t).size() != n) {
        throw new MissingField(
            String.format(Locale.ROOT, "a confusion matrix of %d classes", n), line);
      }
      for (int p = 0; p < n; p++) {
        confusion[t][p] = rows.get(t).get(p).asLong();
      }
    }
    JsonNode miou = line.path("miou");
    long iteration = iteration(line);
    evaluations.put(
        iteration,
        new Evaluation(
            iteration, number(miou), iou, confusion, number(line.path("calibration_error"))));
  }

  private static double number(JsonNode value) {
    return value.isNumber() ? value.asDouble() : Double.NaN;
  }

  private static long iteration(JsonNode line) {
    JsonNode iteration = line.path("iteration");
    if (!iteration.canConvertToLong() || iteration.asLong() < 0) {
      throw new MissingField("an iteration of at least 0", line);
    }
    return iteration.asLong();
  }

  LossCurves losses() {
    return losses;
  }

  /** All evaluations, in order. */
  public List<Evaluation> evaluations() {
    return List.copyOf(evaluations.values());
  }

  /** The newest evaluation; none if the run was not evaluated yet. */
  public Optional<Evaluation> lastEvaluation() {
    return Optional.ofNullable(evaluations.lastEntry()).map(Map.Entry::getValue);
  }

  /** How far apart the workers were at the end of a round, by network; the mean over the rounds. */
  public Map<String, Double> divergence() {
    Map<String, Double> means = new LinkedHashMap<>();
    divergence.forEach((network, values) -> means.put(network, values.getAverage()));
    return means;
  }

  /** Time in rounds, in seconds; 0 if it was not recorded. */
  public double seconds() {
    return seconds;
  }
}
