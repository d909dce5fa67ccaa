package org.adaptseg.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import scala.Tuple2;

/**
 * Averages the slices of one part over the workers and passes reports on. The records arrive sorted
 * by slice and worker, whatever order the workers finished in.
 */
record MeanTask(int workers, int slices)
    implements FlatMapFunction<Iterator<Tuple2<Long, byte[]>>, Tuple2<Long, byte[]>> {

  @Override
  public Iterator<Tuple2<Long, byte[]>> call(Iterator<Tuple2<Long, byte[]>> sorted) {
    List<Tuple2<Long, byte[]>> results = new ArrayList<>();
    while (sorted.hasNext()) {
      Tuple2<Long, byte[]> first = sorted.next();
      int slice = SliceKey.slice(first._1());
      results.add(
          slice == slices ? first : new Tuple2<>(SliceKey.of(slice, 0), mean(first, sorted)));
    }
    return results.iterator();
  }

  private byte[] mean(Tuple2<Long, byte[]> first, Iterator<Tuple2<Long, byte[]>> rest) {
    int slice = SliceKey.slice(first._1());
    SliceMean mean = new SliceMean(slice, workers);
    mean.add(SliceKey.worker(first._1()), first._2());
    for (int worker = 1; worker < workers; worker++) {
      if (!rest.hasNext()) {
        return mean.mean(); // which says what is missing
      }
      Tuple2<Long, byte[]> next = rest.next();
      if (SliceKey.slice(next._1()) != slice) {
        throw new IllegalStateException(
            "Cannot average slice %d: expected the part of worker %d, found one of slice %d"
                .formatted(slice, worker, SliceKey.slice(next._1())));
      }
      mean.add(SliceKey.worker(next._1()), next._2());
    }
    return mean.mean();
  }
}
