package org.adaptseg.spark.round;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleConsumer;
import org.adaptseg.config.Cluster;
import org.adaptseg.spark.task.SparkJob;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.NonFiniteException;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.TrainedValues;
import org.adaptseg.train.schedule.RoundPlan;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Runs rounds of synchronous parameter averaging: every worker begins with one state, one task per
 * worker, mean in worker order. The new state is the same bits for any number of slices, executors,
 * cores and task attempts, through the shuffle or through the memory of one process.
 *
 * <p>One thread runs rounds. Closing closes the learners that this JVM keeps (in local mode all of
 * them; executors end with the application).
 */
public final class RoundRunner implements AutoCloseable {
  private final JavaSparkContext context;
  private final LearnerFactory factory;
  private final int workers;
  private final Slicing slicing;
  private final Averaging averaging;
  private final TrainedValues trained;

  /** What differences are sent of; of nothing where states are. */
  private final TrainedValues sent;

  private String computation;
  private final OuterStep outer;

  /**
   * Averages as the master asks for: through memory where driver and executor are one process, else
   * through the shuffle.
   *
   * @param factory makes the workers' learners; shipped with every task
   * @param workers number of workers, at least 1; one task each
   * @param slicing the parts that the state is averaged in; one task each
   */
  public RoundRunner(
      JavaSparkContext context, LearnerFactory factory, int workers, Slicing slicing) {
    this(context, factory, workers, slicing, Cluster.Outer.NONE, Cluster.Exchange.FLOAT32);
  }

  /**
   * As the other.
   *
   * @param outer the step on the mean
   * @param exchange what workers send
   */
  public RoundRunner(
      JavaSparkContext context,
      LearnerFactory factory,
      int workers,
      Slicing slicing,
      Cluster.Outer outer,
      Cluster.Exchange exchange) {
    this(
        context,
        factory,
        workers,
        slicing,
        outer,
        exchange,
        RoundSettings.isOneProcess(context.master())
            ? new MemoryAveraging(context)
            : new ShuffleAveraging(context));
  }

  /** As the other, by a way of averaging that is closed with this. */
  RoundRunner(
      JavaSparkContext context,
      LearnerFactory factory,
      int workers,
      Slicing slicing,
      Cluster.Outer outer,
      Cluster.Exchange exchange,
      Averaging averaging) {
    if (workers < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot run rounds: expected at least 1 worker, found %d (cluster.workers)",
              workers));
    }
    this.context = context;
    this.factory = factory;
    this.workers = workers;
    this.slicing = slicing;
    this.averaging = averaging;
    // One worker is the mean.
    boolean rounded = exchange == Cluster.Exchange.BFLOAT16;
    boolean asked = workers > 1 || outer.networks() != Cluster.OuterNetworks.NONE || rounded;
    TrainedValues known = asked ? factory.trained() : TrainedValues.NONE;
    this.sent = rounded ? known : TrainedValues.NONE;
    this.trained = workers > 1 ? known : TrainedValues.NONE;
    this.outer = new OuterStep(outer, known);
  }

  /** Like the other overload, without progress. */
  public RoundResult run(LearnerState state, RoundPlan plan, String description) {
    return run(state, plan, description, iterations -> {});
  }

  /**
   * Runs one round: one Spark job.
   *
   * @param state what every worker begins with; not written to
   * @param description what Spark's pages call the job
   * @param progress is given the iterations that the workers have made so far, on average, by
   *     another thread and only while this runs
   * @throws NonFiniteException if a worker met a number that is not finite and must stop
   * @throws IllegalStateException if the executors cannot do it, saying what to change where it is
   *     known
   */
  public RoundResult run(
      LearnerState state, RoundPlan plan, String description, DoubleConsumer progress) {
    long begin = System.nanoTime();
    LearnerState before = OuterStep.ofWorkers(state);
    StateLayout layout = slicing.layout(before).sending(Differences.of(sent, before));
    TrainedRanges ranges = TrainedRanges.of(trained, before);
    return SparkJob.run(
        context,
        description,
        "iterations",
        sum -> progress.accept(Math.min(plan.iterations(), (double) sum / workers)),
        job -> {
          job.stage(
              String.format(
                  Locale.ROOT,
                  "learn: %d workers, %d iterations each",
                  workers,
                  plan.iterations()));
          Averaging.Averaged averaged =
              averaging.average(
                  before, new WorkerRound(factory, plan, workers, layout, job.done()), ranges, job);
          for (int worker = 0; worker < workers; worker++) {
            requireWhole(worker, averaged.reports().get(worker));
            requireAlike(worker, averaged.reports().get(worker), plan);
          }
          Map<String, Double> divergence = ranges.divergence(before, averaged, workers);
          LearnerState after = outer.step(state, averaged.mean(), plan.phase());
          double seconds = (System.nanoTime() - begin) / 1e9;
          return new RoundResult(
              after, averaged.reports(), divergence, workers * layout.sentBytes(), seconds);
        });
  }

  private static void requireWhole(int worker, RoundReport report) {
    if (report.stopped()) {
      List<RoundReport.Skipped> skipped = report.skipped();
      throw new NonFiniteException(worker, skipped.get(skipped.size() - 1));
    }
  }

  /** Workers, of this round and of those before, must compute alike, or bits depend on chance. */
  private void requireAlike(int worker, RoundReport report, RoundPlan plan) {
    if (computation == null) {
      computation = report.computation();
    }
    if (!computation.equals(report.computation()) && !factory.workersMayDiffer()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot average the workers of a round: expected all to compute in %s, found %s (worker %d, round %d); limit them by cluster.instruction-set and cluster.precision to what all have, or set cluster.instruction-set: any, where results depend on which worker does what",
              computation,
              report.computation(),
              worker,
              plan.round() + 1));
    }
  }

  @Override
  public void close() {
    averaging.close();
    LearnerPool.closeIdle();
  }
}
