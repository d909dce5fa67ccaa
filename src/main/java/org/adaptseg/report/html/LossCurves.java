package org.adaptseg.report.html;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Loss curves of a run, thinned to what a chart can show: a point is the mean of a bin of
 * consecutive iterations.
 */
final class LossCurves {
  /** More points would show the noise of single samples rather than the course. */
  static final int MOST_POINTS = 100;

  private final long binWidth;
  private final Map<Curve, TreeMap<Long, Bin>> curves = new LinkedHashMap<>();

  /**
   * Names a curve.
   *
   * @param loss the term, for example {@code segmentation}
   * @param level for example {@code main}
   */
  record Curve(String loss, String level) {}

  private static final class Bin {
    private double sum;
    private long count;
  }

  /**
   * @param iterations of the whole run, at least 1
   */
  LossCurves(long iterations) {
    this.binWidth = Math.max(1, (iterations + MOST_POINTS - 1) / MOST_POINTS);
  }

  /** Iterations that one point is the mean of. */
  long binWidth() {
    return binWidth;
  }

  void add(Curve curve, long iteration, double value) {
    Bin bin =
        curves
            .computeIfAbsent(curve, c -> new TreeMap<>())
            .computeIfAbsent(iteration / binWidth, b -> new Bin());
    bin.sum += value;
    bin.count++;
  }

  /** All curves in the order in which they began. */
  List<Curve> names() {
    return List.copyOf(curves.keySet());
  }

  /** Points (iteration in the middle of the bin, mean) in order. */
  List<double[]> points(Curve curve) {
    List<double[]> points = new ArrayList<>();
    curves
        .getOrDefault(curve, new TreeMap<>())
        .forEach(
            (bin, of) ->
                points.add(
                    new double[] {bin * binWidth + (binWidth - 1) / 2.0, of.sum / of.count}));
    return points;
  }
}
