package org.adaptseg.report.html;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.data.store.Json;
import org.adaptseg.report.html.LossCurves.Curve;
import org.adaptseg.train.schedule.Schedule;

/**
 * What the page's script draws, as JSON.
 *
 * @param runs in the order of their colours
 * @param classes class names
 * @param iterations of the longest run
 */
record ChartData(List<Run> runs, List<String> classes, long iterations) {
  private static final double PERCENT = 100;
  private static final int MOST_SCORES = 500;

  /**
   * One run.
   *
   * @param miou (iteration, percent)
   * @param iou percent per class of the newest evaluation, null where a class is absent
   */
  record Run(String name, List<Loss> losses, List<double[]> miou, List<Double> iou) {}

  /**
   * One loss curve.
   *
   * @param points (iteration, mean loss)
   */
  record Loss(String loss, String level, List<double[]> points) {}

  static ChartData of(List<ReportedRun> runs) {
    return new ChartData(
        runs.stream().map(ChartData::run).toList(),
        runs.get(0).classes().names(),
        runs.stream().mapToLong(r -> Schedule.of(r.config()).totalIterations()).max().orElse(0));
  }

  private static Run run(ReportedRun run) {
    List<Loss> losses = new ArrayList<>();
    LossCurves curves = run.history().losses();
    for (Curve curve : curves.names()) {
      losses.add(new Loss(curve.loss(), curve.level(), curves.points(curve)));
    }
    return new Run(
        run.name(),
        losses,
        scores(run.history().evaluations()),
        run.history()
            .lastEvaluation()
            .map(e -> e.iou().stream().map(ChartData::percent).toList())
            .orElse(List.of()));
  }

  /** All of them, or of very many every nth and the last. */
  private static List<double[]> scores(List<RunHistory.Evaluation> evaluations) {
    int every = evaluations.size() / MOST_SCORES + 1;
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < evaluations.size(); i++) {
      RunHistory.Evaluation e = evaluations.get(i);
      boolean shown = i % every == 0 || i == evaluations.size() - 1;
      if (shown && Double.isFinite(e.miou())) {
        points.add(new double[] {e.iteration(), PERCENT * e.miou()});
      }
    }
    return points;
  }

  // JSON has no NaN.
  private static Double percent(double fraction) {
    return Double.isFinite(fraction) ? Double.valueOf(PERCENT * fraction) : null;
  }

  /** JSON that may stand inside a script element: no text in it can end the element. */
  String json() {
    return Json.line(this).replace("<", "\\u003c");
  }
}
