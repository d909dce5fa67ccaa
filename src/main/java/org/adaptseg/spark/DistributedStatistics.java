package org.adaptseg.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.adaptseg.spark.task.SparkJob;
import org.adaptseg.spark.task.SparkTask;
import org.adaptseg.spark.task.WireState;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.inference.StatisticsSource;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;

/**
 * Re-estimates the statistics of batch normalisation on target images: every task sums those of its
 * blocks of images, in double precision, and the driver adds the blocks in their order. So the bits
 * do not depend on the tasks.
 */
public final class DistributedStatistics {
  private final JavaSparkContext context;
  private final StatisticsSource source;
  private final int tasks;

  /**
   * @param source which images
   * @param tasks number of tasks, at least 1; fewer where there are fewer blocks
   */
  public DistributedStatistics(JavaSparkContext context, StatisticsSource source, int tasks) {
    this.context = context;
    this.source = source;
    this.tasks = Math.min(tasks, source.blocks());
  }

  private record BlocksTask(
      StatisticsSource source, Broadcast<WireState> broadcast, LongAccumulator done)
      implements FlatMapFunction<Iterator<Integer>, double[]> {
    @Override
    public Iterator<double[]> call(Iterator<Integer> ids) throws Exception {
      List<Integer> blocks = new ArrayList<>();
      ids.forEachRemaining(blocks::add);
      LearnerState state = broadcast.value().state();
      return SparkTask.withGenerator(
          state, device -> source.sums(state, blocks, () -> done.add(1)).iterator());
    }
  }

  /**
   * The state with target statistics in place of its running ones: one Spark job. The state itself
   * stays as it is.
   *
   * @param description what Spark's pages call the job
   */
  public LearnerState estimate(LearnerState state, String description) {
    List<Integer> blocks = IntStream.range(0, source.blocks()).boxed().toList();
    return SparkJob.run(
        context,
        description,
        "images",
        images -> {},
        job -> {
          job.stage(String.format(Locale.ROOT, "statistics: %d target images", source.images()));
          return source.replaced(
              state,
              context
                  .parallelize(blocks, tasks)
                  .mapPartitions(new BlocksTask(source, job.broadcast(state), job.done()))
                  .collect());
        });
  }
}
