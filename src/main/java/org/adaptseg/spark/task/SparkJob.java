package org.adaptseg.spark.task;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.adaptseg.train.LearnerState;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;

/**
 * A Spark job of this project: its name on Spark's pages, how far it is, what it broadcasts, and
 * what its failure means. Training, evaluation, prediction, pictures, statistics and ingest all run
 * through it, so they treat their users alike. {@link SparkTask} is its counterpart in the tasks.
 */
public final class SparkJob {
  private final JavaSparkContext context;
  private final JobDescription named;
  private final TaskProgress progress;
  private final List<Broadcast<WireState>> broadcasts = new ArrayList<>();

  private SparkJob(JavaSparkContext context, JobDescription named, TaskProgress progress) {
    this.context = context;
    this.named = named;
    this.progress = progress;
  }

  /**
   * What a job does on the driver.
   *
   * @param <R> its result
   */
  public interface Body<R> {
    /** Runs tasks and takes their results. */
    R run(SparkJob job) throws Exception;
  }

  /**
   * Runs a job.
   *
   * @param description what Spark's pages call it
   * @param counted what its tasks count, for example {@code images}
   * @param progress is given the sum of what tasks have counted so far, by another thread and only
   *     while this runs
   * @throws IllegalStateException if a task fails, with the sentence that says what is wrong; its
   *     cause is Spark's report
   */
  public static <R> R run(
      JavaSparkContext context,
      String description,
      String counted,
      LongConsumer progress,
      Body<R> body) {
    try (JobDescription named = new JobDescription(context, description);
        TaskProgress done = new TaskProgress(context, counted, progress)) {
      SparkJob job = new SparkJob(context, named, done);
      try {
        return body.run(job);
      } finally {
        job.broadcasts.forEach(Broadcast::destroy);
      }
    } catch (Exception e) { // Spark throws checked ones that its methods do not declare
      throw FailureCauses.ofJob(description, e);
    }
  }

  /** Names what is described from here on on Spark's pages; without it, a line of our code. */
  public void stage(String name) {
    named.stage(name);
  }

  /** What the tasks count in. */
  public LongAccumulator done() {
    return progress.accumulator();
  }

  /** A state for the tasks; gone when the job ends. */
  public Broadcast<WireState> broadcast(LearnerState state) {
    Broadcast<WireState> broadcast = context.broadcast(new WireState(state));
    broadcasts.add(broadcast);
    return broadcast;
  }
}
