package org.adaptseg.spark.round;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.adaptseg.spark.task.ReportBytes;
import org.adaptseg.spark.task.SparkJob;
import org.adaptseg.spark.task.WireState;
import org.adaptseg.train.LearnerState;
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
 * Averaging over executors: broadcast the state, one task per worker, shuffle by slice, one task
 * per part takes its means. The driver receives one state and one small report per worker, whatever
 * the number of workers; no task's result is larger than a part. The bits do not depend on slices,
 * executors, cores or task attempts.
 */
final class ShuffleAveraging implements Averaging {
  private final JavaSparkContext context;

  /** What is deleting the shuffle files of the last round. */
  private CompletableFuture<Void> cleaning = CompletableFuture.completedFuture(null);

  ShuffleAveraging(JavaSparkContext context) {
    this.context = context;
  }

  @Override
  public Averaged average(
      LearnerState before, WorkerRound learning, TrainedRanges trained, SparkJob job) {
    ShuffledRDD<Long, Object, byte[]> parts = sliced(learning, job.broadcast(before));
    job.stage(
        String.format(
            Locale.ROOT,
            "average: %d slices over %d workers",
            learning.layout().parts(),
            learning.workers()));
    try {
      Averaged averaged = assemble(learning, trained, averaged(parts, learning, trained));
      learning.layout().differences().addTo(averaged.mean(), before);
      return averaged;
    } finally {
      // Spark deletes shuffle files when the driver happens to collect garbage: every half hour
      // on a large heap, by when the executors' disks hold hundreds of states.
      deleteShuffle(parts);
    }
  }

  /** By part, and in a part by slice and worker. */
  private ShuffledRDD<Long, Object, byte[]> sliced(
      WorkerRound learning, Broadcast<WireState> broadcast) {
    ClassTag<Long> keys = ClassTag$.MODULE$.apply(Long.class);
    ClassTag<Object> written = ClassTag$.MODULE$.apply(Object.class);
    ClassTag<byte[]> read = ClassTag$.MODULE$.apply(byte[].class);
    RDD<Tuple2<Long, Object>> states =
        learning
            .ids(context)
            .mapPartitions(
                new WorkerTask(learning, broadcast), false, ClassTag$.MODULE$.apply(Tuple2.class));
    ShuffledRDD<Long, Object, byte[]> slices =
        new ShuffledRDD<Long, Object, byte[]>(
                states, new SliceKey.BySlice(learning.layout()), keys, written, read)
            .setKeyOrdering(Ordering.comparatorToOrdering(Comparator.<Long>naturalOrder()))
            .setSerializer(new SliceSerializer());
    slices.setName("slices");
    return slices;
  }

  /** The parts' means, each as its task returned it. */
  @SuppressWarnings("unchecked") // of Scala's Array[List[...]]
  private List<Tuple2<Long, byte[]>>[] averaged(
      ShuffledRDD<Long, Object, byte[]> parts, WorkerRound learning, TrainedRanges trained) {
    MeanTask task = new MeanTask(learning.workers(), learning.layout(), trained);
    return (List<Tuple2<Long, byte[]>>[])
        context.sc().runJob(parts, task, ClassTag$.MODULE$.apply(List.class));
  }

  private static Averaged assemble(
      WorkerRound learning, TrainedRanges trained, List<Tuple2<Long, byte[]>>[] parts) {
    StateLayout layout = learning.layout();
    LearnerState mean = layout.allocate();
    TreeMap<Integer, RoundReport> reports = new TreeMap<>();
    int slices = layout.slices();
    boolean[] seen = new boolean[slices];
    double[][] spreads = new double[slices][trained.networks().size()];
    for (List<Tuple2<Long, byte[]>> part : parts) {
      for (Tuple2<Long, byte[]> record : part) {
        int slice = SliceKey.slice(record._1());
        if (slice == slices) {
          reports.put(SliceKey.worker(record._1()), deserialise(record._2()));
        } else if (slice == MeanTask.spreadMark(slices)) {
          ByteBuffer.wrap(record._2()).asDoubleBuffer().get(spreads[SliceKey.worker(record._1())]);
        } else {
          layout.decode(record._2(), slice, mean);
          seen[slice] = true;
        }
      }
    }
    long missing = IntStream.range(0, slices).filter(slice -> !seen[slice]).count();
    if (missing > 0 || reports.size() != learning.workers()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot end a round: expected %d slices and %d reports, found %d and %d",
              slices,
              learning.workers(),
              slices - missing,
              reports.size()));
    }
    return new Averaged(mean, Averaged.sum(spreads, trained), List.copyOf(reports.values()));
  }

  private static RoundReport deserialise(byte[] bytes) {
    try {
      return ReportBytes.read(bytes, RoundReport.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** While the next round runs; disks never hold more than two. */
  private void deleteShuffle(ShuffledRDD<?, ?, ?> parts) {
    cleaning.join();
    cleaning = CompletableFuture.runAsync(() -> parts.cleanShuffleDependencies(true));
  }

  /** Waits, so that nothing is under way when the session stops. */
  @Override
  public void close() {
    cleaning.join();
  }
}
