package org.adaptseg.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.adaptseg.spark.task.FailureCauses;
import org.adaptseg.spark.task.JobDescription;
import org.adaptseg.spark.task.TaskDevice;
import org.adaptseg.spark.task.WireState;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.inference.StatisticsSource;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

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

  private record BlocksTask(StatisticsSource source, Broadcast<WireState> broadcast)
      implements FlatMapFunction<Iterator<Integer>, double[]> {
    @Override
    public Iterator<double[]> call(Iterator<Integer> ids) throws Exception {
      List<Integer> blocks = new ArrayList<>();
      ids.forEachRemaining(blocks::add);
      try {
        return source
            .sums(broadcast.value().state(), blocks, TaskDevice.of(TaskContext.get()))
            .iterator();
      } catch (OutOfMemoryError | LinkageError e) {
        throw FailureCauses.inTask(e);
      }
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
    Broadcast<WireState> broadcast = context.broadcast(new WireState(state));
    try (JobDescription named = new JobDescription(context, description)) {
      named.stage("statistics: %d target images".formatted(source.images()));
      return source.replaced(
          state,
          context
              .parallelize(blocks, tasks)
              .mapPartitions(new BlocksTask(source, broadcast))
              .collect());
    } catch (Exception e) { // Spark throws checked ones that its methods do not declare
      throw FailureCauses.ofJob(e);
    } finally {
      broadcast.destroy();
    }
  }
}
