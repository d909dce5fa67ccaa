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
   * @param hue degrees; used where there are more than have colours of their own
   * @param miou (iteration, percent)
   * @param iou percent per class of the newest evaluation, null where a class is absent
   * @param members of a group of several runs, the mIoU of each
   */
  record Run(
      String name,
      int hue,
      List<Loss> losses,
      List<double[]> miou,
      List<Double> iou,
      List<List<double[]>> members) {}

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
        iterations(runs));
  }

  /** A line for each group: means of its runs, and the mIoU of each. */
  static ChartData ofGroups(List<RunGroup> groups) {
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      RunGroup group = groups.get(i);
      List<Loss> losses =
          group.curves().stream()
              .map(curve -> new Loss(curve.loss(), curve.level(), group.loss(curve)))
              .toList();
      List<List<double[]>> members =
          group.runs().stream().map(r -> scores(r.history().evaluations())).toList();
      runs.add(
          new Run(
              group.name(),
              Comparison.hue(i),
              losses,
              RunGroup.mean(members),
              List.of(),
              members.size() == 1 ? List.of() : members));
    }
    List<ReportedRun> all = groups.stream().flatMap(g -> g.runs().stream()).toList();
    return new ChartData(runs, all.get(0).classes().names(), iterations(all));
  }

  private static long iterations(List<ReportedRun> runs) {
    return runs.stream().mapToLong(r -> Schedule.of(r.config()).totalIterations()).max().orElse(0);
  }

  private static Run run(ReportedRun run) {
    List<Loss> losses = new ArrayList<>();
    LossCurves curves = run.history().losses();
    for (Curve curve : curves.names()) {
      losses.add(new Loss(curve.loss(), curve.level(), curves.points(curve)));
    }
    return new Run(
        run.name(),
        0,
        losses,
        scores(run.history().evaluations()),
        run.history()
            .lastEvaluation()
            .map(e -> e.iou().stream().map(ChartData::percent).toList())
            .orElse(List.of()),
        List.of());
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
