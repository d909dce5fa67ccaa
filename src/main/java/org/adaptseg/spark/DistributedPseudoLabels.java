package org.adaptseg.spark;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.adaptseg.data.prediction.ClassThresholds;
import org.adaptseg.data.prediction.ConfidenceHistogram;
import org.adaptseg.data.prediction.PseudoLabels;
import org.adaptseg.spark.task.SparkJob;
import org.adaptseg.spark.task.SparkTask;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.LongAccumulator;

/**
 * Makes labels of predictions that are there: one Spark job merges the histograms of confidence,
 * another writes the files. Whatever is merged is whole numbers, so the labels do not depend on the
 * tasks.
 */
public final class DistributedPseudoLabels {
  private final JavaSparkContext context;
  private final PseudoLabels labels;
  private final int tasks;

  /**
   * @param labels of at least one image
   * @param tasks number of tasks, at least 1; fewer where there are fewer images
   */
  public DistributedPseudoLabels(JavaSparkContext context, PseudoLabels labels, int tasks) {
    this.context = context;
    this.labels = labels;
    this.tasks = Math.min(tasks, labels.images().size());
  }

  /** Every tasks-th image. */
  private record CountTask(PseudoLabels labels, int tasks, LongAccumulator done)
      implements Function<Integer, ConfidenceHistogram> {
    @Override
    public ConfidenceHistogram call(Integer task) throws Exception {
      return SparkTask.run(
          device -> {
            ConfidenceHistogram histogram = new ConfidenceHistogram(labels.space().size());
            for (int i = task; i < labels.images().size(); i += tasks) {
              labels.count(labels.images().get(i), histogram);
              done.add(1);
            }
            return histogram;
          });
    }
  }

  /** The same images. */
  private record WriteTask(
      PseudoLabels labels, ClassThresholds thresholds, int tasks, LongAccumulator done)
      implements Function<Integer, Integer> {
    @Override
    public Integer call(Integer task) throws Exception {
      return SparkTask.run(
          device -> {
            int written = 0;
            // Two attempts at one task, or two runs, may write at the same time.
            String attempt = UUID.randomUUID().toString();
            for (int i = task; i < labels.images().size(); i += tasks) {
              written += labels.write(labels.images().get(i), thresholds, attempt) ? 1 : 0;
              done.add(1);
            }
            return written;
          });
    }
  }

  /**
   * The confidences of all images, from their predictions.
   *
   * @param progress is given the number of images done so far, by another thread and only while
   *     this runs
   */
  public ConfidenceHistogram confidences(LongConsumer progress) {
    return SparkJob.run(
        context,
        "confidences",
        "images",
        progress,
        job -> {
          job.stage(String.format(Locale.ROOT, "count: %d images", labels.images().size()));
          return context
              .parallelize(ids(), tasks)
              .map(new CountTask(labels, tasks, job.done()))
              .reduce(ConfidenceHistogram::merge);
        });
  }

  /**
   * Writes what is not there yet.
   *
   * @param progress as of {@link #confidences}
   * @return images of which something was written
   */
  public int write(ClassThresholds thresholds, LongConsumer progress) {
    return SparkJob.run(
        context,
        "pseudo-labels",
        "images",
        progress,
        job -> {
          job.stage(String.format(Locale.ROOT, "label: %d images", labels.images().size()));
          return context
              .parallelize(ids(), tasks)
              .map(new WriteTask(labels, thresholds, tasks, job.done()))
              .reduce(Integer::sum);
        });
  }

  private List<Integer> ids() {
    return IntStream.range(0, tasks).boxed().toList();
  }
}
