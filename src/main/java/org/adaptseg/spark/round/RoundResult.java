package org.adaptseg.spark.round;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.Losses;
import org.adaptseg.train.RoundReport;

/**
 * What a round leaves.
 *
 * @param state the mean of the workers' states, after the outer step if there is one
 * @param reports one per worker, in worker order
 * @param divergence how far apart the workers were, by network; see {@link
 *     org.adaptseg.train.RoundTimings}
 * @param bytesAveraged bytes of the workers' states together, as they send them
 * @param seconds wall time of the whole round as the driver saw it
 */
public record RoundResult(
    LearnerState state,
    List<RoundReport> reports,
    Map<String, Double> divergence,
    long bytesAveraged,
    double seconds) {
  /** Copies the list of reports. */
  public RoundResult {
    reports = List.copyOf(reports);
  }

  /**
   * The losses of each iteration in order, averaged over the workers that made it; none for one
   * that all of them left out.
   */
  public List<RoundReport.Iteration> averagedLosses() {
    TreeMap<Long, List<Losses>> made = new TreeMap<>();
    for (RoundReport report : reports) {
      for (RoundReport.Iteration iteration : report.iterations()) {
        made.computeIfAbsent(iteration.iteration(), i -> new ArrayList<>()).add(iteration.losses());
      }
    }
    List<RoundReport.Iteration> means = new ArrayList<>();
    made.forEach((i, losses) -> means.add(new RoundReport.Iteration(i, Losses.mean(losses))));
    return means;
  }

  /** What the workers computed in and with; all kinds where they differ, empty if none says. */
  public String computation() {
    return reports.stream()
        .map(RoundReport::computation)
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** The iterations that workers left out, by worker, then by iteration. */
  public List<RoundReport.Skipped> skipped() {
    return reports.stream().flatMap(report -> report.skipped().stream()).toList();
  }
}
