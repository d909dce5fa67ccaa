package org.adaptseg.spark;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.spark.task.SparkJob;
import org.adaptseg.spark.task.SparkTask;
import org.adaptseg.spark.task.WireState;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.inference.Evaluator;
import org.adaptseg.train.inference.EvaluatorFactory;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;

/**
 * Evaluates a state on a whole split: every task takes a range of images, its counts merge to one
 * confusion matrix. Whatever is summed is whole numbers, so the result does not depend on the
 * tasks.
 */
public final class DistributedEvaluation {
  private final JavaSparkContext context;
  private final EvaluatorFactory factory;
  private final int tasks;
  private final Optional<DistributedStatistics> statistics;

  /**
   * @param factory makes an evaluator for every task
   * @param tasks number of tasks, at least 1; fewer where there are fewer images
   * @throws IllegalArgumentException if the split has no images
   */
  public DistributedEvaluation(JavaSparkContext context, EvaluatorFactory factory, int tasks) {
    this(context, factory, tasks, Optional.empty());
  }

  /**
   * As the other.
   *
   * @param statistics re-estimates the statistics of batch normalisation before images are scored;
   *     absent where the state's running ones are used
   */
  public DistributedEvaluation(
      JavaSparkContext context,
      EvaluatorFactory factory,
      int tasks,
      Optional<DistributedStatistics> statistics) {
    if (factory.size() < 1 || tasks < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot evaluate: expected at least 1 image and 1 task, found %d and %d",
              factory.size(),
              tasks));
    }
    this.context = context;
    this.factory = factory;
    this.statistics = statistics;
    this.tasks = Math.min(tasks, factory.size());
  }

  /** The images of one task and how to count them. */
  private record RangeTask(
      EvaluatorFactory factory, int tasks, Broadcast<WireState> broadcast, LongAccumulator images)
      implements Function<Integer, ConfusionMatrix> {
    @Override
    public ConfusionMatrix call(Integer task) throws Exception {
      int first = Math.toIntExact((long) factory.size() * task / tasks);
      int end = Math.toIntExact((long) factory.size() * (task + 1) / tasks);
      LearnerState state = broadcast.value().state();
      return SparkTask.withGenerator(
          state,
          device -> {
            try (Evaluator evaluator = factory.create(state)) {
              evaluator.expect(first, end);
              ConfusionMatrix matrix = evaluator.evaluate(first);
              images.add(1);
              for (int index = first + 1; index < end; index++) {
                matrix.merge(evaluator.evaluate(index));
                images.add(1);
              }
              return matrix;
            }
          });
    }
  }

  /** Number of images of the split. */
  public int images() {
    return factory.size();
  }

  /** Like the other overload, without progress. */
  public ConfusionMatrix evaluate(LearnerState state, String description) {
    return evaluate(state, description, images -> {});
  }

  /**
   * Evaluates one state: one Spark job, after another where statistics are re-estimated.
   *
   * @param description what Spark's pages call the job
   * @param progress is given the number of images done so far, by another thread and only while
   *     this runs
   * @throws IllegalStateException with the sentence of what is wrong, for example with an image
   */
  public ConfusionMatrix evaluate(LearnerState state, String description, LongConsumer progress) {
    List<Integer> ids = IntStream.range(0, tasks).boxed().toList();
    LearnerState scored =
        statistics.map(s -> s.estimate(state, description + ", statistics")).orElse(state);
    return SparkJob.run(
        context,
        description,
        "images",
        progress,
        job -> {
          job.stage(String.format(Locale.ROOT, "evaluate: %d images", factory.size()));
          return context
              .parallelize(ids, tasks)
              .map(new RangeTask(factory, tasks, job.broadcast(scored), job.done()))
              .reduce(ConfusionMatrix::merge);
        });
  }
}
