package org.adaptseg.train.schedule;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.Cluster;
import org.adaptseg.config.Optimizer;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.RunConfig.PhasePlan;

/**
 * What the workers of a run make of a schedule that is stated for one. With {@code scaling: time},
 * N workers make 1/N of its iterations, rounded up, and so see the images that one worker would
 * see; decay and intervals are shortened alike. With one worker, or with {@code scaling: work}, all
 * is as stated.
 *
 * @param phases phases in order, each with at least one iteration
 * @param decayIterations iterations after which the learning rates are 0, at least those of the
 *     phases
 * @param evaluationInterval iterations between two evaluations; 0 = only at the end
 * @param checkpointInterval iterations between two checkpoints
 * @param warmup what multiplies the generator's learning rate with several workers
 * @param beginning what multiplies it at the beginning
 */
public record ScaledSchedule(
    List<PhasePlan> phases,
    long decayIterations,
    long evaluationInterval,
    long checkpointInterval,
    Warmup warmup,
    Warmup beginning) {
  /** Copies the list of phases. */
  public ScaledSchedule {
    phases = List.copyOf(phases);
  }

  /** Scales the schedule of a configuration. */
  public static ScaledSchedule of(RunConfig config) {
    Cluster cluster = config.cluster();
    int share = share(cluster);
    Optimizer.Warmup warmup = config.optimizer().warmup();
    List<PhasePlan> phases = phases(config.schedule().phases(), share);
    long total = phases.stream().mapToLong(PhasePlan::iterations).sum();
    return new ScaledSchedule(
        phases,
        Math.max(total, shared(config.optimizer().decay().totalIterations(), share)),
        shared(config.evaluation().interval(), share),
        shared(config.output().checkpointInterval(), share),
        Warmup.of(share == 1 ? 1 : factor(cluster), cluster.warmup(), total),
        Warmup.from(warmup.start(), shared(warmup.iterations(), share)));
  }

  /** What the stated iterations are divided by: the number of workers, or 1. */
  public static int share(Cluster cluster) {
    return cluster.scaling() == Cluster.Scaling.TIME ? cluster.workers() : 1;
  }

  private static double factor(Cluster cluster) {
    int workers = cluster.workers();
    return switch (cluster.rateScaling()) {
      case LINEAR -> workers;
      case SQUARE_ROOT -> Math.sqrt(workers);
      case NONE -> 1;
    };
  }

  /** Ends are scaled, not lengths: what is rounded up does not add up. */
  private static List<PhasePlan> phases(List<PhasePlan> stated, int share) {
    List<PhasePlan> scaled = new ArrayList<>();
    long end = 0;
    long scaledEnd = 0;
    for (PhasePlan plan : stated) {
      end += plan.iterations();
      long length = Math.max(1, shared(end, share) - scaledEnd);
      scaled.add(new PhasePlan(plan.phase(), length));
      scaledEnd += length;
    }
    return scaled;
  }

  private static long shared(long iterations, int share) {
    return (iterations + share - 1) / share;
  }
}
