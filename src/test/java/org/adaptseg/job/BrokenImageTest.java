package org.adaptseg.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.job.process.Failures;
import org.adaptseg.spark.DistributedPrediction;
import org.adaptseg.spark.TrainingRun;
import org.adaptseg.testing.DatasetFixtures;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.testing.TinyRun;
import org.adaptseg.train.AdaptationLearnerFactory;
import org.adaptseg.train.LearnerState;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image that cannot be decoded gives one sentence, whatever job meets it. */
class BrokenImageTest {
  private static final String SOURCE = "gta5/images/00001.png";
  private static final String CITY = "cityscapes/leftImg8bit/";
  private static final String TARGET = CITY + "train/aachen/aachen_000000_000019_leftImg8bit.png";
  private static final String EVALUATION = CITY + "val/lindau/lindau_000000_000019_leftImg8bit.png";

  private static LocalSpark local;
  private static SparkHandle spark;

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    local = LocalSpark.start("local[2]");
    spark = SparkHandle.on(local.context());
  }

  @AfterAll
  static void stop() {
    local.close();
  }

  @BeforeEach
  void writeDatasets() throws IOException {
    DatasetFixtures.gta5(directory.resolve("gta5"));
    DatasetFixtures.cityscapes(directory.resolve("cityscapes"));
  }

  private Experiment experiment(String... overrides) throws IOException {
    String yaml =
        """
        run: {name: test}
        schedule: {phases: [{phase: adversarial, iterations: 2}]}
        output: {dir: %1$s/run}
        data:
          classes: cityscapes-19
          source: {dataset: gta5, root: %1$s/gta5, split: all, width: 32, height: 32}
          target: {dataset: cityscapes, root: %1$s/cityscapes, split: train, width: 32, height: 32}
          evaluation: {dataset: cityscapes, root: %1$s/cityscapes, split: val, width: 32, height: 32}
        model: {layers: [1, 1, 1, 1], base-width: 4, head-rates: [1], discriminator-width: 4}
        """
            .formatted(directory);
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("cluster.threads-per-worker=" + TinyRun.THREADS);
    return new Experiment(ConfigLoader.load(yaml, "test", all), new Configuration());
  }

  private static LearnerState state(Experiment experiment) {
    return new AdaptationLearnerFactory(
            experiment.config(),
            experiment.classes(),
            experiment.splits().source(),
            experiment.splits().target(),
            experiment.shipped())
        .initialState();
  }

  private void destroy(String image) throws IOException {
    Files.writeString(directory.resolve(image), "no image");
  }

  private void assertSentence(String image, ThrowingCallable job) {
    assertThatThrownBy(job)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Cannot ")
        .hasMessageEndingWith(
            "Cannot decode an image: expected PNG or JPEG, found neither's header (file:%s)"
                .formatted(directory.resolve(image)))
        .satisfies(e -> assertThat(Failures.message(e)).isEqualTo(e.getMessage()))
        .message()
        .hasLineCount(1)
        .doesNotContain("Exception");
  }

  @Test
  void training() throws IOException {
    Experiment experiment = experiment();
    destroy(SOURCE);

    assertSentence(
        SOURCE, () -> new TrainingJob(experiment).run(spark, TrainingRun.Start.NEW, List.of()));
  }

  @Test
  void evaluationAndPictures() throws IOException {
    Experiment experiment = experiment();
    LearnerState state = state(experiment);
    destroy(EVALUATION);

    EvaluationJob job = new EvaluationJob(experiment);
    assertSentence(EVALUATION, () -> job.run(spark, state, "evaluation"));
    assertSentence(EVALUATION, () -> job.pictures(spark, 0, state));
  }

  /** Its neighbours are predicted. */
  @Test
  void prediction() throws IOException {
    Experiment experiment = experiment();
    destroy(SOURCE);

    DistributedPrediction.Result result =
        PredictionJob.of(
                experiment.config(),
                directory.resolve("gta5/images").toString(),
                directory.resolve("predictions").toString())
            .run(spark, new TrainedNetwork(state(experiment), 0, "test"));

    assertThat(result.made()).isEqualTo(2);
    assertThat(result.problems())
        .singleElement()
        .asString()
        .isEqualTo(
            "Cannot decode an image: expected PNG or JPEG, found neither's header (file:%s)",
            directory.resolve(SOURCE));
  }

  @Test
  void statistics() throws IOException {
    Experiment experiment = experiment("evaluation.batch-norm=target");
    LearnerState state = state(experiment);
    destroy(TARGET);

    assertSentence(TARGET, () -> new EvaluationJob(experiment).run(spark, state, "evaluation"));
  }
}
