package org.adaptseg.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.NonFiniteException;
import org.adaptseg.train.RoundPlan;
import org.adaptseg.train.RoundReport;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import scala.Tuple2;
import scala.math.Ordering;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Runs rounds of synchronous parameter averaging: broadcast the state, one task per worker, shuffle
 * by slice, mean in worker order. The driver receives one state and one small report per worker,
 * whatever the number of workers; no task's result is larger than a part. The new state is the same
 * bits for any number of slices, executors, cores and task attempts.
 *
 * <p>One thread runs rounds. Closing closes the learners that this JVM keeps (in local mode all of
 * them; executors end with the application).
 */
public final class RoundRunner implements AutoCloseable {
  private final JavaSparkContext context;
  private final LearnerFactory factory;
  private final int workers;
  private final Slicing slicing;

  /** What is deleting the shuffle files of the last round. */
  private CompletableFuture<Void> cleaning = CompletableFuture.completedFuture(null);

  /**
   * @param factory makes the workers' learners; shipped with every task
   * @param workers number of workers, at least 1; one task each
   * @param slicing the parts that the state is averaged in; one task each
   */
  public RoundRunner(
      JavaSparkContext context, LearnerFactory factory, int workers, Slicing slicing) {
    if (workers < 1) {
      throw new IllegalArgumentException(
          "Cannot run rounds: expected at least 1 worker, found %d (cluster.workers)"
              .formatted(workers));
    }
    this.context = context;
    this.factory = factory;
    this.workers = workers;
    this.slicing = slicing;
  }

  /** As the other, telling nobody how far it is. */
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
   * @throws NonFiniteException if a worker met a number that is not finite and may not go on
   * @throws IllegalStateException if the executors cannot do it, saying what to change where it is
   *     known
   */
  public RoundResult run(
      LearnerState state, RoundPlan plan, String description, DoubleConsumer progress) {
    long begin = System.nanoTime();
    StateLayout layout = slicing.layout(state);
    int slices = layout.slices();
    List<Integer> ids = IntStream.range(0, workers).boxed().toList();
    Broadcast<WireState> broadcast = context.broadcast(new WireState(state));
    try (JobDescription named = new JobDescription(context, description);
        TaskProgress done =
            new TaskProgress(
                context,
                "iterations",
                sum -> progress.accept(Math.min(plan.iterations(), (double) sum / workers)))) {
      named.stage("learn: %d workers, %d iterations each".formatted(workers, plan.iterations()));
      ShuffledRDD<Long, byte[], byte[]> parts =
          sliced(
              context
                  .parallelize(ids, workers)
                  .setName("workers")
                  .rdd()
                  .mapPartitions(
                      new WorkerTask(factory, plan, workers, layout, broadcast, done.accumulator()),
                      false,
                      ClassTag$.MODULE$.apply(Tuple2.class)),
              layout);
      named.stage("average: %d slices over %d workers".formatted(layout.parts(), workers));
      try {
        return assemble(layout, averaged(parts, slices), begin);
      } finally {
        // Spark deletes shuffle files when the driver happens to collect garbage: every half hour
        // on a large heap, by when the executors' disks hold hundreds of states.
        deleteShuffle(parts);
      }
    } catch (Exception e) { // Spark throws checked ones that its methods do not declare
      throw FailureCauses.ofJob(e);
    } finally {
      broadcast.destroy();
    }
  }

  /** By part, and in a part by slice and worker. */
  private static ShuffledRDD<Long, byte[], byte[]> sliced(
      RDD<Tuple2<Long, byte[]>> states, StateLayout layout) {
    ClassTag<Long> keys = ClassTag$.MODULE$.apply(Long.class);
    ClassTag<byte[]> values = ClassTag$.MODULE$.apply(byte[].class);
    ShuffledRDD<Long, byte[], byte[]> slices =
        new ShuffledRDD<Long, byte[], byte[]>(
                states, new SliceKey.BySlice(layout), keys, values, values)
            .setKeyOrdering(Ordering.comparatorToOrdering(Comparator.<Long>naturalOrder()))
            .setSerializer(new SliceSerializer());
    slices.setName("slices");
    return slices;
  }

  /** The parts' means, each as its task returned it. */
  @SuppressWarnings("unchecked") // of Scala's Array[List[...]]
  private List<Tuple2<Long, byte[]>>[] averaged(
      ShuffledRDD<Long, byte[], byte[]> parts, int slices) {
    return (List<Tuple2<Long, byte[]>>[])
        context
            .sc()
            .runJob(parts, new MeanTask(workers, slices), ClassTag$.MODULE$.apply(List.class));
  }

  private RoundResult assemble(StateLayout layout, List<Tuple2<Long, byte[]>>[] parts, long begin) {
    LearnerState mean = layout.allocate();
    TreeMap<Integer, RoundReport> reports = new TreeMap<>();
    int slices = layout.slices();
    boolean[] seen = new boolean[slices];
    for (List<Tuple2<Long, byte[]>> part : parts) {
      for (Tuple2<Long, byte[]> record : part) {
        int slice = SliceKey.slice(record._1());
        if (slice == slices) {
          reports.put(SliceKey.worker(record._1()), deserialise(record._2()));
        } else {
          layout.decode(record._2(), slice, mean);
          seen[slice] = true;
        }
      }
    }
    long missing = IntStream.range(0, slices).filter(slice -> !seen[slice]).count();
    if (missing > 0 || reports.size() != workers) {
      throw new IllegalStateException(
          "Cannot end a round: expected %d slices and %d reports, found %d and %d"
              .formatted(slices, workers, slices - missing, reports.size()));
    }
    reports.forEach(
        (worker, report) -> {
          if (report.stopped()) {
            List<RoundReport.Skipped> skipped = report.skipped();
            throw new NonFiniteException(worker, skipped.get(skipped.size() - 1));
          }
        });
    double seconds = (System.nanoTime() - begin) / 1e9;
    return new RoundResult(mean, List.copyOf(reports.values()), seconds);
  }

  /** While the next round runs; disks never hold more than two. */
  private void deleteShuffle(ShuffledRDD<?, ?, ?> parts) {
    cleaning.join();
    cleaning = CompletableFuture.runAsync(() -> parts.cleanShuffleDependencies(true));
  }

  private static RoundReport deserialise(byte[] bytes) {
    try {
      return ReportBytes.read(bytes, RoundReport.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    cleaning.join(); // so that nothing is under way when the session stops
    LearnerPool.closeIdle();
  }
}
