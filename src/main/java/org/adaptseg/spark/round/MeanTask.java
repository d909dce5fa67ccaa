package org.adaptseg.spark.round;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.TaskContext;
import scala.Function2;
import scala.Tuple2;
import scala.collection.Iterator;

/**
 * Averages the slices of one part over the workers, of values or of differences as they were sent,
 * adds up their spread, and passes reports on. The records arrive sorted by slice and worker,
 * whatever order the workers finished in. A function of Spark's Scala interface for the reason that
 * {@link WorkerTask} gives.
 */
record MeanTask(int workers, StateLayout layout, TrainedRanges trained)
    implements Function2<TaskContext, Iterator<Tuple2<Long, byte[]>>, List<Tuple2<Long, byte[]>>>,
        Serializable {

  @Override
  public List<Tuple2<Long, byte[]>> apply(
      TaskContext context, Iterator<Tuple2<Long, byte[]>> sorted) {
    List<Tuple2<Long, byte[]>> results = new ArrayList<>();
    Spread spread = new Spread(trained, workers);
    SliceMean mean = new SliceMean(workers, spread);
    SentValues sent = new SentValues(layout);
    int slices = layout.slices();
    while (sorted.hasNext()) {
      Tuple2<Long, byte[]> first = sorted.next();
      int slice = SliceKey.slice(first._1());
      if (slice == slices) {
        results.add(first);
        continue;
      }
      results.add(new Tuple2<>(SliceKey.of(slice, 0), of(mean, sent, first, sorted)));
      if (!trained.networks().isEmpty()) {
        results.add(new Tuple2<>(SliceKey.of(spreadMark(slices), slice), bytes(spread.take())));
      }
    }
    return results;
  }

  /** What stands in place of a slice in the key of its spread. */
  static int spreadMark(int slices) {
    return slices + 1;
  }

  private static byte[] bytes(double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
    bytes.asDoubleBuffer().put(values);
    return bytes.array();
  }

  private byte[] of(
      SliceMean mean,
      SentValues sent,
      Tuple2<Long, byte[]> first,
      Iterator<Tuple2<Long, byte[]>> rest) {
    int slice = SliceKey.slice(first._1());
    mean.begin(slice, layout.start(slice));
    mean.add(SliceKey.worker(first._1()), sent.read(first._2(), slice));
    for (int worker = 1; worker < workers; worker++) {
      if (!rest.hasNext()) {
        return mean.mean(); // which says what is missing
      }
      Tuple2<Long, byte[]> next = rest.next();
      if (SliceKey.slice(next._1()) != slice) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "Cannot average slice %d: expected the part of worker %d, found one of slice %d",
                slice,
                worker,
                SliceKey.slice(next._1())));
      }
      mean.add(SliceKey.worker(next._1()), sent.read(next._2(), slice));
    }
    return mean.mean();
  }
}
