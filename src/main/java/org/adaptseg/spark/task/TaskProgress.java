package org.adaptseg.spark.task;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple4;
import scala.collection.Iterable;
import scala.collection.Iterator;

/**
 * How far the tasks of a running job are. Tasks count in an accumulator; what they have counted so
 * far comes with the executors' heartbeats (spark.executor.heartbeatInterval), also in local mode.
 */
final class TaskProgress extends SparkListener implements AutoCloseable {
  private final JavaSparkContext context;
  private final LongAccumulator accumulator;
  private final LongConsumer consumer;
  private final Map<Long, Integer> partitions = new HashMap<>(); // by task; guarded by this
  private final Map<Integer, Long> counts = new HashMap<>(); // by partition; guarded by this
  private long told; // guarded by this
  private boolean closed; // guarded by this

  /**
   * Listens until it is closed.
   *
   * @param name of the count on Spark's pages
   * @param consumer is given the sum over all tasks whenever it has grown, by one of Spark's
   *     threads; never after this is closed
   */
  public TaskProgress(JavaSparkContext context, String name, LongConsumer consumer) {
    this.context = context;
    this.accumulator = context.sc().longAccumulator(name);
    this.consumer = consumer;
    context.sc().addSparkListener(this);
  }

  /** What tasks count in. */
  public LongAccumulator accumulator() {
    return accumulator;
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart start) {
    partitions.put(start.taskInfo().taskId(), start.taskInfo().index());
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    Iterator<Tuple4<Object, Object, Object, scala.collection.Seq<AccumulableInfo>>> tasks =
        update.accumUpdates().iterator();
    while (tasks.hasNext()) {
      var task = tasks.next();
      count((Long) task._1(), task._4());
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    count(end.taskInfo().taskId(), end.taskInfo().accumulables());
  }

  private synchronized void count(long task, Iterable<AccumulableInfo> accumulables) {
    Integer partition = partitions.get(task);
    Iterator<AccumulableInfo> all = accumulables.iterator();
    while (all.hasNext()) {
      AccumulableInfo info = all.next();
      if (partition != null
          && info.id() == accumulator.id()
          && info.update().isDefined()
          && info.update().get() instanceof Long value) {
        // Of several attempts at one partition, that which is furthest.
        counts.merge(partition, value, Math::max);
      }
    }
    long sum = counts.values().stream().mapToLong(Long::longValue).sum();
    if (!closed && sum > told) {
      told = sum;
      consumer.accept(sum);
    }
  }

  @Override
  public void close() {
    context.sc().removeSparkListener(this);
    synchronized (this) {
      closed = true;
    }
  }
}
