package org.adaptseg.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.Level;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.Losses;
import org.adaptseg.train.Losses.LevelLosses;
import org.adaptseg.train.RoundReport;

/**
 * What a round leaves.
 *
 * @param state the mean of the workers' states
 * @param reports one per worker, in worker order
 * @param seconds wall time of the whole round as the driver saw it
 */
public record RoundResult(LearnerState state, List<RoundReport> reports, double seconds) {
  /** Copies the list of reports. */
  public RoundResult {
    reports = List.copyOf(reports);
  }

  /** Bytes of the workers' states together. */
  long bytesAveraged() {
    long values = state.vectors().stream().mapToLong(vector -> vector.values().length).sum();
    return values * Float.BYTES * reports.size();
  }

  /** The losses of each iteration, averaged over the workers in worker order. */
  public List<RoundReport.Iteration> averagedLosses() {
    List<RoundReport.Iteration> means = new ArrayList<>();
    List<RoundReport.Iteration> first = reports.get(0).iterations();
    for (int i = 0; i < first.size(); i++) {
      int index = i;
      List<Losses> losses =
          reports.stream().map(report -> report.iterations().get(index).losses()).toList();
      means.add(new RoundReport.Iteration(first.get(i).iteration(), mean(losses)));
    }
    return means;
  }

  private static Losses mean(List<Losses> losses) {
    Map<Level, LevelLosses> means = new LinkedHashMap<>();
    for (Level level : losses.get(0).levels().keySet()) {
      double segmentation = 0;
      double adversarial = 0;
      double discriminator = 0;
      for (Losses worker : losses) {
        LevelLosses of = worker.levels().get(level);
        segmentation += of.segmentation();
        adversarial += of.adversarial();
        discriminator += of.discriminator();
      }
      int n = losses.size();
      means.put(level, new LevelLosses(segmentation / n, adversarial / n, discriminator / n));
    }
    return new Losses(means);
  }
}
