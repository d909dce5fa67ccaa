package org.adaptseg.spark;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.checkpoint.CheckpointStore;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.spark.round.RoundResult;
import org.adaptseg.spark.round.RoundRunner;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.NonFiniteException;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Schedule;

/**
 * A run from its first round, or its newest complete checkpoint, to its end: round, listeners,
 * checkpoint, evaluation, next round. Everything else a run leaves behind is made by listeners.
 */
public final class TrainingRun {
  private final Schedule schedule;
  private final LearnerFactory factory;
  private final RoundRunner rounds;
  private final CheckpointStore checkpoints;
  private final Optional<DistributedEvaluation> evaluation;
  private final List<TrainingListener> listeners;
  private final Evaluated evaluated;

  /** Is given the states that were evaluated. */
  public interface Evaluated {
    /**
     * The state was evaluated; called again for the same one when the run resumes at it.
     *
     * @throws IOException if what is to be kept of it cannot be written
     */
    void evaluated(Checkpoint at, ConfusionMatrix matrix) throws IOException;
  }

  /**
   * Iteration of the state that was saved or loaded last; a run's first state is always at hand.
   */
  private long saved; // guarded by writing

  private Checkpoint last; // guarded by writing

  /** Held by whoever writes: the run, but while executors compute; in the end who stops it. */
  private final Semaphore writing = new Semaphore(1, true);

  /** What {@link #stop} came to. */
  public enum Stopped {
    /** The state of the last finished round is saved. */
    SAVED,
    /** No round has ended yet. */
    NOTHING_TO_SAVE,
    /** What the run was writing took longer than the time given. */
    TOO_LATE
  }

  /** Where a run begins. */
  public enum Start {
    /** At the beginning; there must be no checkpoints yet. */
    NEW,
    /** At the newest complete checkpoint, or at the beginning if there is none. */
    RESUME
  }

  /**
   * @param factory gives the state that a new run begins with
   * @param evaluation none if the run is not evaluated
   */
  public TrainingRun(
      Schedule schedule,
      LearnerFactory factory,
      RoundRunner rounds,
      CheckpointStore checkpoints,
      Optional<DistributedEvaluation> evaluation,
      List<TrainingListener> listeners) {
    this(schedule, factory, rounds, checkpoints, evaluation, listeners, (at, matrix) -> {});
  }

  /**
   * @param evaluated is given the states that were evaluated
   */
  public TrainingRun(
      Schedule schedule,
      LearnerFactory factory,
      RoundRunner rounds,
      CheckpointStore checkpoints,
      Optional<DistributedEvaluation> evaluation,
      List<TrainingListener> listeners,
      Evaluated evaluated) {
    this.schedule = schedule;
    this.factory = factory;
    this.rounds = rounds;
    this.checkpoints = checkpoints;
    this.evaluation = evaluation;
    this.listeners = List.copyOf(listeners);
    this.evaluated = evaluated;
  }

  /**
   * Runs to the end.
   *
   * @return the last state, as it was saved
   * @throws IOException if checkpoints cannot be read or written
   * @throws NonFiniteException if a number is not finite where the configuration says stop
   * @throws IllegalStateException if the executors cannot continue. Whenever a round fails, the
   *     state before it is saved and nothing of the round is.
   */
  public Checkpoint run(Start start) throws IOException {
    writing.acquireUninterruptibly();
    try {
      return runToTheEnd(start);
    } catch (IOException | RuntimeException | Error failure) {
      for (TrainingListener listener : listeners) {
        try {
          listener.onFailure(failure);
        } catch (RuntimeException another) {
          failure.addSuppressed(another);
        }
      }
      throw failure;
    } finally {
      writing.release();
    }
  }

  /**
   * Saves the state of the last finished round, unless it is saved, while the run computes the next
   * one; for a process that is about to end, since the run never gets to write again. Called from
   * another thread than the run's.
   *
   * @param within time in which to begin
   * @throws IOException if the state cannot be saved
   */
  public Stopped stop(Duration within) throws IOException {
    try {
      if (!writing.tryAcquire(within.toMillis(), TimeUnit.MILLISECONDS)) {
        return Stopped.TOO_LATE;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Stopped.TOO_LATE;
    }
    if (last == null || last.iteration() == 0) {
      return Stopped.NOTHING_TO_SAVE;
    }
    if (last.iteration() != saved) {
      save(last);
    }
    return Stopped.SAVED;
  }

  /** While executors compute, the run may be stopped. */
  private <T> T computed(Supplier<T> job) {
    writing.release();
    try {
      return job.get();
    } finally {
      writing.acquireUninterruptibly();
    }
  }

  private Checkpoint runToTheEnd(Start start) throws IOException {
    int total = schedule.rounds();
    Checkpoint at = begin(start);
    long first = at.iteration();
    Iterator<RoundPlan> plans = schedule.from(first);
    while (plans.hasNext()) {
      RoundPlan plan = plans.next();
      RoundResult result = round(at, plan, describe(plan, total));
      List<RoundReport.Iteration> losses = result.averagedLosses();
      if (plan.firstIteration() == first) {
        tell(listener -> listener.onComputation(result.computation()));
      }
      if (!result.skipped().isEmpty()) {
        tell(listener -> listener.onSkipped(plan, result.skipped()));
      }
      tell(listener -> listener.onRound(plan, losses, timings(result)));
      at =
          new Checkpoint(
              plan.endIteration(), plan.phase(), plan.endDiscriminatorSteps(), result.state());
      last = at;
      if (schedule.savesAt(at.iteration())) {
        save(at);
      }
      evaluateIfDue(at);
    }
    long end = at.iteration();
    tell(listener -> listener.onEnd(end));
    return at;
  }

  private RoundResult round(Checkpoint at, RoundPlan plan, String description) {
    try {
      RoundResult result =
          computed(
              () ->
                  rounds.run(
                      at.state(),
                      plan,
                      description,
                      iterations -> tell(listener -> listener.onRoundProgress(plan, iterations))));
      requireFinite(result.averagedLosses());
      return result;
    } catch (RuntimeException e) {
      saveBefore(at, e);
      throw e;
    }
  }

  /** The work since the last checkpoint is whole; it need not be done again. */
  private void saveBefore(Checkpoint at, RuntimeException failure) {
    if (at.iteration() == saved) {
      return;
    }
    try {
      save(at);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private Checkpoint begin(Start start) throws IOException {
    if (start == Start.NEW) {
      checkpoints.requireEmpty();
    }
    CheckpointStore.Found found = checkpoints.newest();
    Checkpoint at =
        found
            .checkpoint()
            .orElseGet(
                () ->
                    new Checkpoint(0, schedule.phases().get(0).phase(), 0, factory.initialState()));
    long planned = schedule.discriminatorStepsAt(at.iteration());
    if (at.discriminatorSteps() != planned) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot resume: expected the schedule that the checkpoint was made with, found another (schedule.phases): of its first %d iterations %d update the discriminators, of the checkpoint's %d (%s)",
              at.iteration(),
              planned,
              at.discriminatorSteps(),
              found.location()));
    }
    schedule.from(at.iteration());
    saved = at.iteration();
    last = at;
    tell(l -> l.onStart(at.iteration(), schedule.totalIterations(), found.notes()));
    if (found.checkpoint().isPresent()) {
      // The run may have been interrupted after it saved and before it evaluated.
      evaluateIfDue(at);
    }
    return at;
  }

  private void save(Checkpoint at) throws IOException {
    tell(listener -> listener.beforeCheckpoint(at.iteration()));
    String location = checkpoints.save(at);
    saved = at.iteration();
    tell(listener -> listener.onCheckpoint(at.iteration(), location));
  }

  private void evaluateIfDue(Checkpoint at) throws IOException {
    if (evaluation.isPresent() && schedule.evaluatesAt(at.iteration())) {
      long iteration = at.iteration();
      int number = evaluation.get().images();
      tell(listener -> listener.onEvaluationStart(iteration, number, at.state()));
      ConfusionMatrix matrix =
          computed(
              () ->
                  evaluation
                      .get()
                      .evaluate(
                          at.state(),
                          "evaluation after iteration " + iteration,
                          images ->
                              tell(listener -> listener.onEvaluationProgress(iteration, images))));
      tell(listener -> listener.onEvaluation(iteration, matrix));
      evaluated.evaluated(at, matrix);
    }
  }

  private void tell(Consumer<TrainingListener> event) {
    listeners.forEach(event);
  }

  /** For example: round 12/250: adversarial, iterations 240–259. */
  private static String describe(RoundPlan plan, int total) {
    return String.format(
        Locale.ROOT,
        "round %d/%d: %s, iterations %d–%d",
        plan.round() + 1,
        total,
        plan.phase().key(),
        plan.firstIteration(),
        plan.endIteration() - 1);
  }

  private static RoundTimings timings(RoundResult result) {
    return new RoundTimings(
        result.seconds(),
        largest(result, RoundReport::stepSeconds),
        largest(result, RoundReport::inputWaitSeconds),
        result.reports().size(),
        result.bytesAveraged(),
        result.reports().stream().mapToLong(RoundReport::samplesDecoded).sum(),
        result.divergence());
  }

  private static double largest(RoundResult result, ToDoubleFunction<RoundReport> value) {
    return result.reports().stream().mapToDouble(value).max().orElseThrow();
  }

  private static void requireFinite(List<RoundReport.Iteration> losses) {
    for (RoundReport.Iteration iteration : losses) {
      iteration
          .losses()
          .terms()
          .forEach(
              (term, levels) ->
                  levels.forEach(
                      (level, value) -> {
                        if (!Double.isFinite(value)) {
                          throw new IllegalStateException(
                              String.format(
                                  Locale.ROOT,
                                  "Cannot continue training: expected finite losses, found %s (%s, %s, iteration %d)",
                                  value,
                                  term,
                                  level,
                                  iteration.iteration()));
                        }
                      }));
    }
  }
}
