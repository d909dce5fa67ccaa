package org.adaptseg.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.adaptseg.train.Learner;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundPlan;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.Shard;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import scala.Function1;
import scala.Tuple2;
import scala.collection.JavaConverters;

/**
 * One worker's part of a round: load the state, make the iterations, emit the new state in slices
 * and the report after them. Pure, so a second attempt emits the same slices.
 *
 * <p>A function of Spark's Scala interface: Java's wraps ours in one whose class file Spark reads
 * and analyses in every round.
 */
record WorkerTask(
    LearnerFactory factory,
    RoundPlan plan,
    int workers,
    StateLayout layout,
    Broadcast<WireState> broadcast,
    LongAccumulator iterations)
    implements Function1<
            scala.collection.Iterator<Integer>, scala.collection.Iterator<Tuple2<Long, byte[]>>>,
        Serializable {

  /** The one worker of a partition. */
  @Override
  public scala.collection.Iterator<Tuple2<Long, byte[]>> apply(
      scala.collection.Iterator<Integer> ids) {
    return JavaConverters.asScalaIterator(run(ids.next()));
  }

  private Iterator<Tuple2<Long, byte[]>> run(int worker) {
    LearnerState before = broadcast.value().state();
    RoundReport report;
    LearnerState after;
    try (LearnerPool.Lease lease = borrow(worker)) {
      Learner learner = lease.learner();
      learner.load(before);
      report = learner.run(plan, new Shard(worker, workers), () -> iterations.add(1));
      after = learner.state();
      lease.giveBack();
    } catch (OutOfMemoryError | LinkageError e) {
      throw FailureCauses.inTask(e);
    }
    layout.require(after, "worker " + worker + ", round " + plan.round());
    // Lazily, so that at most one encoded slice exists beside the state.
    Stream<Tuple2<Long, byte[]>> slices =
        IntStream.range(0, layout.slices())
            .mapToObj(
                slice -> new Tuple2<>(SliceKey.of(slice, worker), layout.encode(after, slice)));
    Tuple2<Long, byte[]> last =
        new Tuple2<>(SliceKey.of(layout.slices(), worker), serialise(report));
    return Stream.concat(slices, Stream.of(last)).iterator();
  }

  private static byte[] serialise(RoundReport report) {
    try {
      return ReportBytes.write(report);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private LearnerPool.Lease borrow(int worker) {
    return LearnerPool.borrow(factory, worker, TaskDevice.of(TaskContext.get()));
  }
}
