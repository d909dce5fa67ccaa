package org.adaptseg.train.schedule;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.RunConfig.PhasePlan;

/**
 * Cuts a run into rounds. Phases follow each other; iterations are numbered through all of them. A
 * round makes the iterations of an averaging interval, fewer where it would cross the end of a
 * phase, an iteration from which on there is another interval, or one after which the run is
 * evaluated or saved. So the rounds are a function of the four values alone, and a run that resumes
 * from a saved iteration makes the same ones.
 *
 * @param phases phases in order, at least one
 * @param averaging iterations between two averagings
 * @param evaluationInterval iterations between two evaluations; 0 = only at the end
 * @param checkpointInterval iterations between two checkpoints; 0 = only at the end
 */
public record Schedule(
    List<PhasePlan> phases,
    AveragingIntervals averaging,
    long evaluationInterval,
    long checkpointInterval) {

  /** With one averaging interval, at least 1. */
  public Schedule(
      List<PhasePlan> phases,
      int averagingInterval,
      long evaluationInterval,
      long checkpointInterval) {
    this(
        phases,
        AveragingIntervals.every(averagingInterval),
        evaluationInterval,
        checkpointInterval);
  }

  /** The schedule of a configuration, as its workers make it: {@link ScaledSchedule}. */
  public static Schedule of(RunConfig config) {
    ScaledSchedule scaled = ScaledSchedule.of(config);
    return new Schedule(
        scaled.phases(),
        AveragingIntervals.of(
            config.cluster().averagingInterval(),
            scaled.phases().stream().mapToLong(PhasePlan::iterations).sum()),
        scaled.evaluationInterval(),
        scaled.checkpointInterval());
  }

  /** Checks all values at once. */
  public Schedule {
    phases = List.copyOf(phases);
    List<String> problems = new ArrayList<>();
    if (phases.isEmpty()) {
      problems.add("expected at least one phase, found none");
    }
    if (averaging.least() < 1) {
      problems.add("expected an averaging interval of at least 1, found " + averaging.least());
    }
    if (evaluationInterval < 0 || checkpointInterval < 0) {
      problems.add(
          String.format(
              Locale.ROOT,
              "expected intervals of at least 0, found %d (evaluation) and %d (checkpoint)",
              evaluationInterval,
              checkpointInterval));
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("Cannot plan a run: " + String.join("; ", problems));
    }
  }

  /** Number of iterations of all phases together; the run ends there. */
  public long totalIterations() {
    return phases.stream().mapToLong(PhasePlan::iterations).sum();
  }

  /** Number of rounds of the whole run. */
  public int rounds() {
    int rounds = 0;
    for (Iterator<RoundPlan> plans = new Rounds(); plans.hasNext(); plans.next()) {
      rounds++;
    }
    return rounds;
  }

  /** Whether the run is evaluated once {@code iteration} iterations are made. */
  public boolean evaluatesAt(long iteration) {
    return isBoundary(iteration, evaluationInterval);
  }

  /** Whether the run is saved once {@code iteration} iterations are made. */
  public boolean savesAt(long iteration) {
    return isBoundary(iteration, checkpointInterval);
  }

  private boolean isBoundary(long iteration, long interval) {
    return iteration == totalIterations()
        || (iteration > 0 && interval > 0 && iteration % interval == 0);
  }

  /** Discriminator updates made in the first {@code iteration} iterations. */
  public long discriminatorStepsAt(long iteration) {
    long steps = 0;
    long begin = 0;
    for (PhasePlan span : phases) {
      if (span.phase().discriminators()) {
        steps += Math.max(0, Math.min(iteration - begin, span.iterations()));
      }
      begin += span.iterations();
    }
    return steps;
  }

  /**
   * The rounds from a global iteration on; none when it is the end.
   *
   * @param iteration number of iterations already made: 0, or where a round of this schedule ended
   * @throws IllegalArgumentException if no round begins there
   */
  public Iterator<RoundPlan> from(long iteration) {
    Rounds rounds = new Rounds();
    while (rounds.iteration < iteration && rounds.hasNext()) {
      rounds.next();
    }
    if (rounds.iteration != iteration) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot resume: expected an iteration where a round ends, found %d of %d (%s)",
              iteration,
              totalIterations(),
              this));
    }
    return rounds;
  }

  private final class Rounds implements Iterator<RoundPlan> {
    private final long total = totalIterations();
    private int span;
    private long spanEnd = phases.get(0).iterations();
    private int round;
    private long iteration;
    private long discriminatorSteps;

    @Override
    public boolean hasNext() {
      return iteration < total;
    }

    @Override
    public RoundPlan next() {
      if (!hasNext()) {
        throw new NoSuchElementException("The run ends at iteration " + total);
      }
      Phase phase = phases.get(span).phase();
      AveragingIntervals.Span interval = averaging.at(iteration);
      long end = Math.min(iteration + interval.iterations(), spanEnd);
      end = Math.min(end, interval.end());
      end = Math.min(end, nextMultiple(evaluationInterval));
      end = Math.min(end, nextMultiple(checkpointInterval));
      int length = (int) (end - iteration);
      RoundPlan plan = new RoundPlan(round, phase, iteration, length, discriminatorSteps);
      round++;
      iteration = end;
      discriminatorSteps = plan.endDiscriminatorSteps();
      if (iteration == spanEnd && span + 1 < phases.size()) {
        span++;
        spanEnd += phases.get(span).iterations();
      }
      return plan;
    }

    private long nextMultiple(long interval) {
      return interval == 0 ? total : (iteration / interval + 1) * interval;
    }
  }
}
