package org.adaptseg.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import scala.Tuple2;

/**
 * Averages the slice of one partition over the workers and passes reports on. The records arrive
 * sorted by slice and worker, whatever order the workers finished in.
 */
record MeanTask(int workers, int slices)
    implements FlatMapFunction<Iterator<Tuple2<Long, byte[]>>, Tuple2<Long, byte[]>> {

  @Override
  public Iterator<Tuple2<Long, byte[]>> call(Iterator<Tuple2<Long, byte[]>> sorted) {
    List<Tuple2<Long, byte[]>> results = new ArrayList<>();
    SliceMean mean = null;
    int current = -1;
    while (sorted.hasNext()) {
      Tuple2<Long, byte[]> part = sorted.next();
      int slice = SliceKey.slice(part._1());
      if (slice == slices) {
        results.add(part);
        continue;
      }
      if (mean == null) {
        mean = new SliceMean(slice, workers);
        current = slice;
      } else if (slice != current) {
        throw new IllegalStateException(
            "Cannot average: expected one slice a partition, found slices %d and %d"
                .formatted(current, slice));
      }
      mean.add(SliceKey.worker(part._1()), part._2());
    }
    if (mean != null) {
      results.add(new Tuple2<>(SliceKey.of(current, 0), mean.mean()));
    }
    return results.iterator();
  }
}
