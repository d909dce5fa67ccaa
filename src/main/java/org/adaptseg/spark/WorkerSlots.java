package org.adaptseg.spark;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Whether a cluster has a place for every worker. Spark itself would wait for ever, and without a
 * word, for executors that never come.
 */
public final class WorkerSlots {
  /** The setting that says how many GPUs a task takes. */
  static final String TASK_GPUS = "spark.task.resource.gpu.amount";

  private static final String EXECUTOR_GPUS = "spark.executor.resource.gpu.amount";
  private static final String EXECUTORS = "spark.executor.instances";
  private static final String DYNAMIC = "spark.dynamicAllocation.enabled";
  private static final String MOST_EXECUTORS = "spark.dynamicAllocation.maxExecutors";
  private static final Duration POLL = Duration.ofMillis(200);

  private WorkerSlots() {}

  /**
   * Checks the settings alone, before Spark starts.
   *
   * @param workers learners that train side by side
   * @throws IllegalStateException if workers ask for GPUs in a way that cannot be met
   */
  public static void requirePlanned(SparkConf conf, int workers) {
    double perTask = conf.getDouble(TASK_GPUS, 0);
    if (perTask == 0) {
      if (conf.contains(EXECUTOR_GPUS)) {
        throw new IllegalStateException(
            "Cannot give workers GPUs: expected %s=1 beside %s, found none"
                .formatted(TASK_GPUS, EXECUTOR_GPUS));
      }
      return;
    }
    if (perTask != 1) {
      throw new IllegalStateException(
          "Cannot give workers GPUs: expected one for each (%s=1), found %s"
              .formatted(TASK_GPUS, conf.get(TASK_GPUS)));
    }
    int perExecutor = conf.getInt(EXECUTOR_GPUS, 0);
    if (perExecutor < 1) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot give workers GPUs: expected at least 1 for an executor, found %d (%s)",
              perExecutor,
              EXECUTOR_GPUS));
    }
    String count = conf.getBoolean(DYNAMIC, false) ? MOST_EXECUTORS : EXECUTORS;
    if (conf.contains(count) && (long) conf.getInt(count, 0) * perExecutor < workers) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot start: expected a GPU for each of %d workers (cluster.workers), found %s executors of %d GPUs (%s, %s)",
              workers,
              conf.get(count),
              perExecutor,
              count,
              EXECUTOR_GPUS));
    }
  }

  /**
   * Waits until the cluster has a place for every worker or has given none for a while.
   *
   * @param patience how long no new place is waited for
   * @return what to tell the user; none if every worker has a place
   * @throws IllegalStateException if there is no place at all, or there are too few GPUs
   */
  public static Optional<String> await(JavaSparkContext context, int workers, Duration patience) {
    SparkContext spark = context.sc();
    boolean gpus = spark.conf().contains(TASK_GPUS);
    // Spark adds such executors when there are tasks for them, not before.
    boolean onDemand = spark.conf().getBoolean(DYNAMIC, false);
    int slots = onDemand ? workers : 0;
    long deadline = System.nanoTime() + patience.toNanos();
    while (slots < workers && System.nanoTime() < deadline) {
      int now;
      try {
        now = slots(spark);
      } catch (NoSuchMethodError e) {
        return Optional.empty(); // a platform's own Spark, which may have renamed its internals
      }
      if (now > slots) {
        slots = now;
        deadline = System.nanoTime() + patience.toNanos();
      } else {
        pause();
      }
    }
    return judge(workers, slots, gpus, patience);
  }

  /** Turns that the workers of a round take on the executors that there are now, at least 1. */
  public static int turns(JavaSparkContext context, int workers) {
    int slots = Math.max(1, slots(context.sc()));
    return (workers + slots - 1) / slots;
  }

  static Optional<String> judge(int workers, int slots, boolean gpus, Duration patience) {
    if (slots >= workers) {
      return Optional.empty();
    }
    if (gpus) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot start: expected a GPU for each of %d workers (cluster.workers), found %d on this cluster within %d s; use fewer workers or more GPUs",
              workers,
              slots,
              patience.toSeconds()));
    }
    if (slots == 0) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot start: expected executors for %d workers (cluster.workers), found none within %d s; does the cluster have as many cores and as much memory free as spark.executor.cores, spark.executor.memory and spark.task.cpus ask for?",
              workers,
              patience.toSeconds()));
    }
    int turns = (workers + slots - 1) / slots;
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%d workers (cluster.workers) share %d places of this cluster: a round takes %d turns",
            workers,
            slots,
            turns));
  }

  /** Tasks that fit on the executors there are, by cores and GPUs; Spark asks it for barriers. */
  private static int slots(SparkContext spark) {
    return spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
  }

  private static void pause() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot start: interrupted while waiting for executors", e);
    }
  }
}
