package org.adaptseg.report.html;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.adaptseg.report.html.LossCurves.Curve;
import org.adaptseg.report.html.RunHistory.Evaluation;

/**
 * Runs whose configurations differ in the seed, the name and where results go only: one experiment.
 *
 * @param name what the runs' names have in common
 * @param runs at least one
 */
record RunGroup(String name, List<ReportedRun> runs) {
  RunGroup {
    runs = List.copyOf(runs);
  }

  /**
   * A number over the runs of a group.
   *
   * @param mean NaN if no run has it
   * @param deviation the sample standard deviation; NaN of fewer than two
   */
  record Spread(double mean, double deviation) {
    static Spread of(List<Double> values) {
      double sum = 0;
      int n = 0;
      for (double value : values) {
        if (Double.isFinite(value)) {
          sum += value;
          n++;
        }
      }
      double mean = n == 0 ? Double.NaN : sum / n;
      double squares = 0;
      for (double value : values) {
        squares += Double.isFinite(value) ? (value - mean) * (value - mean) : 0;
      }
      return new Spread(mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1)));
    }
  }

  /** The groups of runs, in the order of their first runs. */
  static List<RunGroup> of(List<ReportedRun> runs) {
    Map<Map<String, String>, List<ReportedRun>> groups = new LinkedHashMap<>();
    for (ReportedRun run : runs) {
      groups.computeIfAbsent(Settings.ofTheExperiment(run), s -> new ArrayList<>()).add(run);
    }
    return groups.values().stream().map(of -> new RunGroup(name(of), of)).toList();
  }

  /** {@code adapted} for {@code adapted-seed-1} and {@code adapted-seed-2}. */
  private static String name(List<ReportedRun> runs) {
    String common = runs.get(0).name();
    for (ReportedRun run : runs) {
      int length = 0;
      int most = Math.min(common.length(), run.name().length());
      while (length < most && common.charAt(length) == run.name().charAt(length)) {
        length++;
      }
      common = common.substring(0, length);
    }
    if (runs.stream().allMatch(run -> run.name().equals(runs.get(0).name()))) {
      return common;
    }
    String stripped = common.replaceAll("[-_.]*(seed)?[-_.]*$", "");
    return stripped.isEmpty() ? runs.get(0).name() : stripped;
  }

  /** A score of the newest evaluations. */
  Spread spread(ToDoubleFunction<Evaluation> score) {
    return Spread.of(
        runs.stream()
            .map(r -> r.history().lastEvaluation().map(score::applyAsDouble).orElse(Double.NaN))
            .toList());
  }

  /** Terms and levels of the losses that a run has. */
  List<Curve> curves() {
    return runs.stream().flatMap(r -> r.history().losses().names().stream()).distinct().toList();
  }

  /** The mean over the runs of a loss, point by point. */
  List<double[]> loss(Curve curve) {
    return mean(runs.stream().map(r -> r.history().losses().points(curve)).toList());
  }

  /** Means of points with the same place. */
  static List<double[]> mean(List<List<double[]>> curves) {
    TreeMap<Double, List<Double>> places = new TreeMap<>();
    for (List<double[]> curve : curves) {
      for (double[] point : curve) {
        places.computeIfAbsent(point[0], x -> new ArrayList<>()).add(point[1]);
      }
    }
    List<double[]> points = new ArrayList<>();
    places.forEach((x, values) -> points.add(new double[] {x, Spread.of(values).mean()}));
    return points;
  }
}
