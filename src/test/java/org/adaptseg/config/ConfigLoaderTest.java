package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.adaptseg.config.data.Crop;
import org.adaptseg.config.data.Jitter;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.config.data.RareClassSampling;
import org.adaptseg.config.run.Output;
import org.adaptseg.config.yaml.ConfigException;
import org.junit.jupiter.api.Test;

class ConfigLoaderTest {
  /** The least that a configuration must say. */
  private static final String LEAST =
      """
      run: {name: least}
      schedule: {phases: [{phase: source-only, iterations: 5}]}
      output: {dir: runs/least}
      data:
        classes: synthetic-8
        source: {dataset: synthetic-source, split: train, width: 64, height: 32}
        target: {dataset: synthetic-target, split: train, width: 128, height: 64}
        evaluation: {dataset: synthetic-target, split: val, width: 96, height: 48}
      """;

  @Test
  void defaultsAreThePapersValues() {
    RunConfig config = load();

    assertThat(config.run()).isEqualTo(new RunConfig.Run("least", 1));
    assertThat(config.output()).isEqualTo(new Output("runs/least", 5000, 3));
    assertThat(config.model())
        .isEqualTo(
            new Model(
                List.of(3, 4, 23, 3),
                64,
                List.of(6, 12),
                64,
                Map.of("aux", 3, "main", 4),
                Model.BatchStatistics.BATCH,
                true,
                Backbone.RESNET,
                StrideOn.REDUCTION,
                Model.Block.BOTTLENECK));
    assertThat(config.data().normalisation()).isEqualTo(Normalisation.CAFFE);
    assertThat(config.loss())
        .isEqualTo(
            new Loss(
                GanLoss.VANILLA,
                Map.of("aux", 0.1, "main", 1.0),
                Map.of("aux", 0.0002, "main", 0.001),
                Adaptation.OUTPUT,
                DiscriminatorInput.SOFTMAX,
                1,
                Map.of(),
                Map.of("aux", 0.0, "main", 0.0),
                new Loss.SelfTraining(1, 0.99, 0.968, Jitter.NONE)));
    assertThat(config.optimizer())
        .isEqualTo(
            new Optimizer(
                new Optimizer.Generator(0.00025, 0.9, 0.0005, 10, Optimizer.Updates.ONCE),
                new Optimizer.Discriminator(0.0001, 0.9, 0.99, 1e-8),
                new Optimizer.Decay(0.9, 250_000),
                1,
                1,
                Optimizer.Warmup.NONE));
    assertThat(config.data().rareClasses()).isEqualTo(new RareClassSampling(false, 0.01, 3000));
    assertThat(config.data().source().get(0).crop()).isEqualTo(new Crop(0, 0, 0.75, 10));
    assertThat(config.data().source().get(0).jitter()).isEqualTo(new Jitter(0, 0, 0, 0));
    var evaluation = new Evaluation(5000, "", Evaluation.BatchNorm.RUNNING, 100);
    assertThat(config.evaluation()).isEqualTo(evaluation);
    assertThat(config.data().prefetchThreads()).isOne();
    assertThat(config.data().prefetchSamples()).isEqualTo(4);
    assertThat(config.data().cacheSamples()).isZero();
    assertThat(config.data().maxPixels()).isEqualTo(100_000_000);
    assertThat(config.data().source().get(0).root()).isEmpty();
  }

  @Test
  void aKeyThatWasReplacedIsRefusedWithTheNewOne() {
    ConfigException problem =
        catchThrowableOfType(
            ConfigException.class, () -> load("optimizer.generator.duplicate-updates=true"));
    assertThat(problem.problems())
        .containsExactly(
            "optimizer.generator.duplicate-updates: expected updates (one of once, 2018) in its"
                + " place, found duplicate-updates (--set optimizer.generator.duplicate-updates)");
  }

  @Test
  void anOverrideReplacesOneListEntry() {
    assertThat(load("schedule.phases.0.iterations=9").schedule().iterations()).isEqualTo(9);
    assertThat(load("model.layers=[3, 4, 23, 3]", "model.layers.2=5").model().layers())
        .isEqualTo(List.of(3, 4, 5, 3));
  }

  @Test
  void theEffectiveConfigurationLoadsToAnEqualOne() {
    RunConfig config = load("run.seed=-9223372036854775808", "run.name='123'", "output.dir='no'");

    String yaml = ConfigLoader.toYaml(config);

    assertThat(ConfigLoader.load(yaml, "effective", List.of())).isEqualTo(config);
    assertThat(yaml).contains("learning-rate: 2.5E-4", "gan: vanilla", "phase: source-only");
  }

  @Test
  void allProblemsAreReportedTogetherWithKeyAndPlace() {
    String yaml =
        """
        run: {name: a}
        schedule: {phases: [{phase: sourceonly, iterations: 5}]}
        output: {dir: runs/x, keep-checkpoints: 0}
        data:
          classes: synthetic-8
          source: {dataset: synthetic-source, split: train, width: 64, height: 16}
          target: {dataset: synthetic-target, split: train, width: many, height: 31}
          evaluation: {dataset: synthetic-target, width: 96, height: 48}
        modle: {layers: [1, 1, 1, 1]}
        optimizer:
          generator: {learning-rate: 0, momentum: 1}
        """;

    ConfigException problem = problem(yaml, "cluster.worker=2", "loss.gan=x", "novalue");

    assertThat(problem.problems())
        .containsExactlyInAnyOrder(
            "--set: expected key=value, found 'novalue'",
            "modle: expected one of the keys run, schedule, output, data, model, loss, optimizer,"
                + " cluster, evaluation, tracking, initial-weights, found modle (nearest is"
                + " model) (x.yaml line 9)",
            "schedule.phases[0].phase: expected one of source-only, adversarial, oracle, entropy,"
                + " self-training, adversarial-self-training, found 'sourceonly' (nearest is source-only) (x.yaml line 2)",
            "output.keep-checkpoints: expected at least 1, found 0 (x.yaml line 3)",
            "data.source.height: expected at least 32 (the discriminator halves it five times),"
                + " found 16 (x.yaml line 6)",
            "data.target.width: expected an integer, found 'many' (x.yaml line 7)",
            "data.evaluation.split: expected a text, found no such key (x.yaml line 8)",
            "loss.gan: expected one of vanilla, least-squares, hinge, found 'x' (--set loss.gan)",
            "optimizer.generator.learning-rate: expected a number above 0, found 0 (x.yaml line"
                + " 11)",
            "optimizer.generator.momentum: expected a number from 0 to below 1, found 1 (x.yaml"
                + " line 11)",
            "cluster.worker: expected one of the keys workers, threads-per-worker, engine,"
                + " precision, loss-scale, instruction-set, averaging-interval, slices, exchange, scaling, rate-scaling, warmup, outer, found worker"
                + " (nearest is workers) (--set cluster.worker)");
    assertThat(problem).hasMessageStartingWith("Cannot use x.yaml: 11 problems\n - ");
  }

  @Test
  void problemsOfTheDataAreReportedWithThoseOfTheFile() {
    ConfigException problem =
        problem(
            LEAST,
            "evaluation.interval=-1",
            "data.source.dataset=synthetic-sauce",
            "data.target.split=training",
            "data.evaluation={dataset: cityscapes, split: val, width: 64, height: 64}");

    assertThat(problem.problems())
        .containsExactlyInAnyOrder(
            "evaluation.interval: expected at least 0, found -1 (--set evaluation.interval)",
            "data.source.dataset: expected one of "
                + String.join(", ", ResolvedData.shippedDatasets())
                + " or the path of a .yaml file, found 'synthetic-sauce' (nearest is"
                + " synthetic-source)",
            "data.target.split: expected one of train, val of dataset synthetic-target, found"
                + " 'training' (nearest is train)",
            "data.evaluation.root: expected the directory of dataset cityscapes, or a manifest,"
                + " found nothing");
  }

  @Test
  void aLabelSpaceWithClassesThatTheLabelsLackIsRefused() {
    assertThat(problem(LEAST, "data.classes=cityscapes-19").problems())
        .hasSize(2)
        .first()
        .asString()
        .startsWith(
            "data.classes: expected a label space whose 19 classes the labels of source dataset"
                + " synthetic-source have, found cityscapes-19 with 11 more: wall, fence, traffic"
                + " light,");
  }

  @Test
  void aScheduleThatOutlastsTheDecayIsRefused() {
    assertThat(problem(LEAST, "optimizer.decay.total-iterations=4").problems())
        .containsExactly(
            "schedule: expected at most optimizer.decay.total-iterations = 4 iterations in all,"
                + " found 5 (x.yaml line 2)");
  }

  @Test
  void aWarmupThatOutlastsTheScheduleIsRefused() {
    assertThat(load("optimizer.warmup.iterations=5").optimizer().warmup().start()).isEqualTo(1e-6);
    assertThat(problem(LEAST, "optimizer.warmup.iterations=6").problems())
        .singleElement()
        .asString()
        .startsWith("optimizer: expected a warmup of at most the schedule's 5 iterations, found 6");
    assertThat(problem(LEAST, "optimizer.warmup={iterations: -1, start: 1}").problems())
        .hasSize(2)
        .allMatch(problem -> problem.startsWith("optimizer.warmup."));
  }

  @Test
  void anImageSizeAboveTheBoundIsRefused() {
    assertThat(problem(LEAST, "data.max-pixels=8191").problems())
        .containsExactly(
            "data.target: expected width * height of at most max-pixels = 8191, found 8192 (x.yaml"
                + " line 7)");
  }

  @Test
  void anOverrideOfAnEntryThatIsNotThereIsRefused() {
    assertThat(problem(LEAST, "schedule.phases.1.iterations=3").problems())
        .containsExactly(
            "--set schedule.phases.1.iterations: expected an index below 1, found '1'");
  }

  @Test
  void levelsAreKeptInTheOrderOfTheirStagesWithTheirWeights() {
    RunConfig config =
        load(
            "model.levels={main: 4, early: 1}",
            "loss.adversarial-weight={main: 0.5, early: 0.25}",
            "loss.segmentation-weight={early: 0.125}");

    assertThat(config.model().orderedLevels()).containsExactly(new Level("early"), Level.MAIN);
    assertThat(config.loss().segmentation(new Level("early"))).isEqualTo(0.125);
    assertThat(config.loss().segmentation(Level.MAIN)).isEqualTo(1);
    assertThat(config.loss().adversarial(Level.MAIN)).isEqualTo(0.5);
    assertThat(ConfigLoader.load(ConfigLoader.toYaml(config), "again", List.of()))
        .isEqualTo(config);
  }

  @Test
  void levelsThatDoNotFitTheModelAreRefused() {
    assertThat(problem(LEAST, "model.levels={aux: 3, main: 3}").problems())
        .singleElement()
        .asString()
        .startsWith("model.levels: expected names of small letters");
    assertThat(problem(LEAST, "loss.segmentation-weight.mian=1").problems())
        .singleElement()
        .asString()
        .startsWith("loss: expected a segmentation-weight for each level of model.levels and for");
    assertThat(problem(LEAST, "model.levels={early: 1, main: 4}").problems()).hasSize(2);
    assertThat(problem(LEAST, "loss.adversarial-weight.aux=-1").problems())
        .containsExactly(
            "loss.adversarial-weight: expected numbers of at least 0, found {aux=-1.0} (--set"
                + " loss.adversarial-weight.aux)");
  }

  @Test
  void whatTheDiscriminatorsCannotSeeIsRefused() {
    assertThat(problem(LEAST, "loss.adaptation=feature", "loss.feature-stride=2").problems())
        .containsExactly(
            "loss: expected a feature-stride that leaves 32 values of the smallest side, 32 pixels,"
                + " found 2 (--set loss.adaptation)");
    assertThat(
            problem(
                    LEAST,
                    "loss.adaptation=feature",
                    "loss.discriminator-input=weighted-self-information")
                .problems())
        .singleElement()
        .asString()
        .startsWith("loss.discriminator-input: expected softmax where features are adapted");
  }

  @Test
  void aFileAndRandomValuesTogetherAreRefused() {
    assertThat(problem(LEAST, "initial-weights={file: a.pth, random: true}").problems())
        .containsExactly(
            "initial-weights.random: expected no file with random: true, found a.pth (--set"
                + " initial-weights)");
    assertThat(problem(LEAST, "initial-weights.from=caffe").problems())
        .singleElement()
        .asString()
        .startsWith("initial-weights.from: expected one of other, released-init, torchvision");
  }

  @Test
  void classesThatTheHeadLacksAreRefused() {
    assertThat(
            problem(LEAST, "loss.class-weights={raod: 2}", "evaluation.classes=cityscapes-19")
                .problems())
        .hasSize(2)
        .first()
        .isEqualTo(
            "loss.class-weights: expected classes of synthetic-8, found 'raod' (nearest is road)");
  }

  private static RunConfig load(String... overrides) {
    return ConfigLoader.load(LEAST, "x.yaml", List.of(overrides));
  }

  private static ConfigException problem(String yaml, String... overrides) {
    return catchThrowableOfType(
        ConfigException.class, () -> ConfigLoader.load(yaml, "x.yaml", List.of(overrides)));
  }
}
