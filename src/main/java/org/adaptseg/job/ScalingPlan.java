package org.adaptseg.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.adaptseg.config.Cluster.RateScaling;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.yaml.Names;
import org.adaptseg.report.ScalingTables.Cell;

/**
 * The runs that measure what several workers are worth, as overrides of one base configuration. One
 * worker, then every number of workers with {@code cluster.scaling: time}, so that every run sees
 * the same number of images: with every rule for the generator's rate and every outer step at the
 * main averaging interval, and with the default rule at the others.
 *
 * @param base the base configuration
 * @param iterations of the schedule, as stated for one worker
 * @param seeds seeds of every cell
 * @param workers numbers of workers, each above 1
 * @param intervals averaging intervals; the first is the main one. One with which a run would have
 *     fewer than {@value #LEAST_ROUNDS} rounds is left out
 */
public record ScalingPlan(
    RunConfig base,
    long iterations,
    List<Long> seeds,
    List<Integer> workers,
    List<Integer> intervals) {
  private static final int LEAST_ROUNDS = 4;
  private static final int EVALUATIONS = 20;
  private static final double WARMUP = 0.05;
  private static final String NESTEROV = "nesterov";
  private static final String BMUF = "bmuf";

  /** Checks the lists. */
  public ScalingPlan {
    seeds = List.copyOf(seeds);
    workers = List.copyOf(workers);
    intervals = List.copyOf(intervals);
    if (iterations < 1
        || seeds.isEmpty()
        || intervals.isEmpty()
        || workers.stream().anyMatch(n -> n < 2)
        || intervals.stream().anyMatch(k -> k < 1)) {
      throw new IllegalArgumentException(
          "Cannot plan runs: expected iterations, seeds and intervals of at least 1 and workers of at least 2, found %s, %s, %s and %s"
              .formatted(iterations, seeds, intervals, workers));
    }
  }

  /** The cells of the grid, one worker first. */
  public List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    cells.add(new Cell("n1", 1, intervals.get(0), RateScaling.LINEAR, 0, "", iterations));
    for (int n : workers) {
      List<Integer> fitting = intervals.stream().filter(k -> fits(n, k)).toList();
      for (int k : fitting) {
        cells.add(cell(n, k, RateScaling.LINEAR, WARMUP));
        if (k == fitting.get(0)) {
          cells.add(cell(n, k, RateScaling.LINEAR, 0));
          cells.add(cell(n, k, RateScaling.SQUARE_ROOT, WARMUP));
          cells.add(cell(n, k, RateScaling.NONE, 0));
          cells.add(cell(n, k, NESTEROV));
          cells.add(cell(n, k, BMUF));
        }
      }
    }
    return cells;
  }

  private boolean fits(int n, int k) {
    return (long) LEAST_ROUNDS * k * n <= iterations;
  }

  /** With the rates as they are. */
  private Cell cell(int n, int k, String outer) {
    String name = String.format(Locale.ROOT, "n%d-k%d-%s", n, k, outer);
    return new Cell(name, n, k, RateScaling.NONE, 0, outer, (iterations + n - 1) / n);
  }

  /** Of DiLoCo and of blockwise model-update filtering, as their papers have them. */
  private static String outer(Cell cell) {
    return switch (cell.outer()) {
      case NESTEROV -> "{networks: generator, momentum: 0.9, learning-rate: 0.7, nesterov: true}";
      case BMUF ->
          String.format(
              Locale.ROOT,
              "{networks: generator, momentum: %s, learning-rate: 1, nesterov: false}",
              1 - 1.0 / cell.workers());
      default -> "{}";
    };
  }

  private Cell cell(int n, int k, RateScaling rate, double warmup) {
    String name =
        String.format(
            Locale.ROOT, "n%d-k%d-%s%s", n, k, Names.key(rate), warmup > 0 ? "-warmup" : "");
    return new Cell(name, n, k, rate, warmup, "", (iterations + n - 1) / n);
  }

  /** All runs, seed by seed. */
  public List<PlannedRun> runs() {
    List<PlannedRun> runs = new ArrayList<>();
    for (long seed : seeds) {
      for (Cell cell : cells()) {
        runs.add(run(cell, seed));
      }
    }
    return runs;
  }

  /** The run of a cell. */
  public PlannedRun run(Cell cell, long seed) {
    int n = cell.workers();
    // An evaluation ends a round, so they are apart by whole rounds.
    long rounds = Math.max(1, cell.iterations() / ((long) EVALUATIONS * cell.interval()));
    long decay =
        Math.round(
            (double) base.optimizer().decay().totalIterations()
                * iterations
                / base.schedule().iterations());
    return new PlannedRun(
        cell.name(),
        seed,
        List.of(
            "run.name=" + PlannedRun.directory(cell.name(), seed),
            "run.seed=" + seed,
            String.format(
                Locale.ROOT,
                "schedule.phases=[{phase: %s, iterations: %d}]",
                base.schedule().phases().get(0).phase().key(),
                iterations),
            "optimizer.decay.total-iterations=" + Math.max(decay, iterations),
            "output.checkpoint-interval=" + 5 * rounds * cell.interval() * n,
            "output.keep-checkpoints=1",
            "evaluation.interval=" + rounds * cell.interval() * n,
            // A generator that N workers trained is not to be judged by N times fresher statistics.
            "evaluation.batch-norm=target",
            "cluster.scaling=time",
            "cluster.workers=" + n,
            "cluster.averaging-interval=" + cell.interval(),
            "cluster.rate-scaling=" + Names.key(cell.rate()),
            "cluster.warmup=" + cell.warmup(),
            "cluster.outer=" + outer(cell)));
  }
}
