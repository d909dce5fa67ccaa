package org.adaptseg.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.adaptseg.nn.StateNames;
import org.adaptseg.spark.task.SparkJob;
import org.adaptseg.spark.task.SparkTask;
import org.adaptseg.spark.task.WireState;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.inference.Predictor;
import org.adaptseg.train.inference.PredictorFactory;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;

/**
 * Predicts all images of a list. Images that are done are left alone, so a task that is repeated,
 * and a run after one that was interrupted, continue where the files end.
 */
public final class DistributedPrediction {

  private final JavaSparkContext context;
  private final PredictorFactory factory;
  private final int tasks;

  /**
   * @param factory makes a predictor for every task
   * @param tasks number of tasks, at least 1; fewer where there are fewer images
   */
  public DistributedPrediction(JavaSparkContext context, PredictorFactory factory, int tasks) {
    if (factory.size() < 1 || tasks < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot predict: expected at least 1 image and 1 task, found %d and %d",
              factory.size(),
              tasks));
    }
    this.context = context;
    this.factory = factory;
    this.tasks = Math.min(tasks, factory.size());
  }

  /**
   * What was done.
   *
   * @param made images that were predicted now
   * @param kept images whose predictions were there
   * @param problems a line for each image that could not be used, sorted
   */
  public record Result(int made, int kept, List<String> problems) {
    public Result {
      problems = problems.stream().sorted(Comparator.naturalOrder()).toList();
    }
  }

  /** A task's part of it, in a form that any Spark serializer can ship. */
  private static final class Part implements Serializable {
    private static final long serialVersionUID = 1L;
    private int made;
    private int kept;
    private final ArrayList<String> problems = new ArrayList<>();
  }

  /** Every tasks-th image, so that a resumed run's work is spread too. */
  private record StrideTask(
      PredictorFactory factory, int tasks, Broadcast<WireState> broadcast, LongAccumulator images)
      implements Function<Integer, Part> {
    @Override
    public Part call(Integer task) throws Exception {
      LearnerState state = broadcast.value().state();
      return SparkTask.withGenerator(
          state, device -> predict(factory, state, task, tasks, () -> images.add(1)));
    }
  }

  private static Part predict(
      PredictorFactory factory, LearnerState state, int first, int step, Runnable done)
      throws IOException {
    Part part = new Part();
    // Two attempts at one task, or two runs, may write at the same time.
    String attempt = UUID.randomUUID().toString();
    try (Predictor predictor = factory.create(state)) {
      for (int index = first; index < factory.size(); index += step) {
        if (predictor.isDone(index)) {
          part.kept++;
        } else {
          Optional<String> problem = predictor.predict(index, attempt);
          problem.ifPresent(part.problems::add);
          part.made += problem.isEmpty() ? 1 : 0;
        }
        done.run();
      }
    }
    return part;
  }

  /**
   * Predicts all images on the calling thread, in the order of the list: what a job of one task
   * does, without Spark.
   *
   * @param progress is given the number of images done so far
   * @throws IOException if a store cannot be read or written; an image that cannot be used is a
   *     problem of the result instead
   */
  public static Result here(PredictorFactory factory, LearnerState state, LongConsumer progress)
      throws IOException {
    long[] done = {0};
    Part part =
        SparkTask.withGenerator(
            state, device -> predict(factory, state, 0, 1, () -> progress.accept(++done[0])));
    return sum(List.of(part));
  }

  /**
   * Predicts with one state: one Spark job.
   *
   * @param description what Spark's pages call the job
   * @param progress is given the number of images done so far, by another thread and only while
   *     this runs
   * @throws IllegalStateException with the sentence of what is wrong; an image that cannot be used
   *     is a problem of the result instead
   */
  public Result run(LearnerState state, String description, LongConsumer progress) {
    List<Integer> ids = IntStream.range(0, tasks).boxed().toList();
    LearnerState generator =
        new LearnerState(
            List.of(
                new LearnerState.Vector(
                    StateNames.GENERATOR_PARAMETERS,
                    state.values(StateNames.GENERATOR_PARAMETERS))));
    return SparkJob.run(
        context,
        description,
        "images",
        progress,
        job -> {
          job.stage(String.format(Locale.ROOT, "predict: %d images", factory.size()));
          return sum(
              context
                  .parallelize(ids, tasks)
                  .map(new StrideTask(factory, tasks, job.broadcast(generator), job.done()))
                  .collect());
        });
  }

  private static Result sum(List<Part> parts) {
    List<String> problems = new ArrayList<>();
    int made = 0;
    int kept = 0;
    for (Part part : parts) {
      made += part.made;
      kept += part.kept;
      problems.addAll(part.problems);
    }
    return new Result(made, kept, problems);
  }
}
