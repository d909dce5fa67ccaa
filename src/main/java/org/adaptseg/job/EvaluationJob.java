package org.adaptseg.job;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.adaptseg.config.Evaluation;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.report.gallery.GalleryEntry;
import org.adaptseg.report.gallery.GalleryPainter;
import org.adaptseg.spark.DistributedEvaluation;
import org.adaptseg.spark.DistributedGallery;
import org.adaptseg.spark.DistributedStatistics;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.inference.SplitEvaluatorFactory;
import org.adaptseg.train.inference.StatisticsSource;
import org.adaptseg.train.inference.Views;

/** Scores states, and paints what they see, on the evaluation split of an experiment. */
public final class EvaluationJob {
  private final Experiment experiment;
  private final Views views;

  /** Images are looked at once, whole, as in training. */
  public EvaluationJob(Experiment experiment) {
    this(experiment, Views.PLAIN);
  }

  /**
   * @param views how images are looked at
   */
  public EvaluationJob(Experiment experiment, Views views) {
    this.experiment = experiment;
    this.views = views;
  }

  /** The parts of the configuration's data that an evaluation reads. */
  public static Set<ResolvedData.Part> reads(RunConfig config) {
    return config.evaluation().batchNorm() == Evaluation.BatchNorm.RUNNING
        ? Set.of(ResolvedData.Part.EVALUATION)
        : Set.of(ResolvedData.Part.EVALUATION, ResolvedData.Part.TARGET);
  }

  /**
   * Evaluates a state: one Spark job, after another where statistics are re-estimated.
   *
   * @param description what Spark's pages call it
   * @throws IllegalStateException with the sentence of what is wrong, for example with an image
   */
  public ConfusionMatrix run(SparkHandle spark, LearnerState state, String description) {
    return distributed(spark).evaluate(state, description);
  }

  /**
   * As the other, reporting progress.
   *
   * @param progress is given the number of images done so far, by another thread and only while
   *     this runs
   */
  public ConfusionMatrix run(
      SparkHandle spark, LearnerState state, String description, LongConsumer progress) {
    return distributed(spark).evaluate(state, description, progress);
  }

  DistributedEvaluation distributed(SparkHandle spark) {
    RunConfig config = experiment.config();
    return new DistributedEvaluation(
        spark.context(),
        new SplitEvaluatorFactory(
            config.model(),
            config.cluster().arithmetic(),
            experiment.classes().size(),
            experiment.scored(),
            experiment.splits().evaluation(),
            views,
            experiment.shipped()),
        config.cluster().workers(),
        statistics(spark, config));
  }

  private Optional<DistributedStatistics> statistics(SparkHandle spark, RunConfig config) {
    if (config.evaluation().batchNorm() == Evaluation.BatchNorm.RUNNING) {
      return Optional.empty();
    }
    return Optional.of(
        new DistributedStatistics(
            spark.context(),
            new StatisticsSource(
                config.model(),
                config.cluster().arithmetic(),
                experiment.classes().size(),
                experiment.splits().target(),
                config.evaluation().batchNormImages(),
                experiment.shipped()),
            config.cluster().workers()));
  }

  /** Pictures of what a state sees in a few evaluation images: one small Spark job. */
  List<GalleryEntry> pictures(SparkHandle spark, long iteration, LearnerState state) {
    return DistributedGallery.paint(
        spark.context(),
        new GalleryPainter(
            experiment.config().model(),
            experiment.config().cluster().arithmetic(),
            experiment.labelSpace(),
            experiment.splits().evaluation(),
            experiment.shipped()),
        state,
        "pictures after iteration " + iteration);
  }
}
