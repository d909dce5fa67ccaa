package org.adaptseg.spark.round;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.adaptseg.spark.task.ReportBytes;
import org.adaptseg.spark.task.WireState;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundReport;
import org.apache.spark.broadcast.Broadcast;
import scala.Function1;
import scala.Tuple2;
import scala.collection.JavaConverters;

/**
 * One worker's part of a round that is shuffled: emits the new state in slices and the report after
 * them. Pure, so a second attempt emits the same slices.
 *
 * <p>A function of Spark's Scala interface: Java's wraps ours in one whose class file Spark reads
 * and analyses in every round.
 */
record WorkerTask(WorkerRound learning, Broadcast<WireState> broadcast)
    implements Function1<
            scala.collection.Iterator<Integer>, scala.collection.Iterator<Tuple2<Long, Object>>>,
        Serializable {

  /** The one worker of a partition. */
  @Override
  public scala.collection.Iterator<Tuple2<Long, Object>> apply(
      scala.collection.Iterator<Integer> ids) {
    return JavaConverters.asScalaIterator(run(ids.next()));
  }

  /** The values are what {@link SliceSerializer} writes. */
  private Iterator<Tuple2<Long, Object>> run(int worker) {
    LearnerState before = broadcast.value().state();
    WorkerRound.Learned learned = learning.learn(worker, before);
    StateLayout layout = learning.layout();
    Stream<Tuple2<Long, Object>> slices =
        IntStream.range(0, layout.slices())
            .mapToObj(
                slice ->
                    new Tuple2<>(
                        SliceKey.of(slice, worker),
                        new StateSlice(layout, before, learned.state(), slice)));
    Tuple2<Long, Object> last =
        new Tuple2<>(SliceKey.of(layout.slices(), worker), serialise(learned.report()));
    return Stream.concat(slices, Stream.of(last)).iterator();
  }

  private static byte[] serialise(RoundReport report) {
    try {
      return ReportBytes.write(report);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
