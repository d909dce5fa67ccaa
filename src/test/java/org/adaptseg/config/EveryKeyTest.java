package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.adaptseg.config.data.Augmentation;
import org.adaptseg.config.data.Crop;
import org.adaptseg.config.data.Jitter;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.config.data.RareClassSampling;
import org.adaptseg.config.run.Output;
import org.junit.jupiter.api.Test;

/** A configuration that says everything. */
class EveryKeyTest {
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

  private static RunConfig withEveryKey() {
    return load(
        "run={name: a, seed: 7}",
        "schedule.phases=[{phase: source-only, iterations: 3},"
            + " {phase: adversarial, iterations: 4}]",
        "output={dir: b, checkpoint-interval: 11, keep-checkpoints: 12, grace-period: 10}",
        "data.source=[{dataset: synthetic-source, root: 's3a://bucket/a b', split: train, width:"
            + " 64, height: 32}, {dataset: synthetic-source, root: b, split: val, width: 64,"
            + " height: 40, weight: 0.25, crop: {width: 33, height: 34, largest-share: 0.5,"
            + " redraws: 18}, jitter: {brightness: 0.1, contrast: 0.2, saturation: 0.3, blur: 0.4}}]",
        "data.rare-classes={temperature: 19, least-pixels: 20}",
        "data.prefetch-threads=13",
        "data.prefetch-samples=14",
        "data.cache-samples=15",
        "data.max-pixels=20000",
        "data.skip-bad-samples=16",
        "data.check-samples=17",
        "data.normalisation=torchvision",
        "data.augmentation={mirror: true, least-scale: 0.5, greatest-scale: 1.5}",
        "model={layers: [1, 2, 3, 4], base-width: 16, head-rates: [5], discriminator-width: 8,"
            + " batch-norm: source-only, align-corners: false, stride-on: 3x3}",
        "loss={gan: least-squares, segmentation-weight: {aux: 0.5, main: 2},"
            + " adversarial-weight: {aux: 1e-3, main: 0},"
            + " discriminator-input: weighted-self-information, feature-stride: 2,"
            + " class-weights: {road: 0.5}, entropy-weight: {aux: 0.25, main: 0.125},"
            + " self-training: {weight: 0.5, teacher-momentum: 0.75, confidence: 0.9,"
            + " jitter: {brightness: 0.1, contrast: 0.2, saturation: 0.3, blur: 0.4}}}",
        "optimizer.generator={learning-rate: 0.1, momentum: 0.2, weight-decay: 0.3,"
            + " head-factor: 4, updates: 2018}",
        "optimizer.discriminator={learning-rate: 0.5, beta1: 0.6, beta2: 0.7, epsilon: 0.8}",
        "optimizer.decay={power: 2, total-iterations: 7}",
        "optimizer.iter-size=21",
        "optimizer.batch-size=1",
        "optimizer.warmup={iterations: 6, start: 0.25}",
        "cluster=" + ClusterTest.EVERY_KEY_YAML,
        "evaluation={interval: 26, classes: synthetic-8, batch-norm: target, batch-norm-images: 7}",
        "tracking.mlflow={uri: 'http://localhost:5000', experiment: streets}",
        "initial-weights={file: a.pth, from: own, rename: ['b=c'], skip: ['d.*'], keep: [e]}");
  }

  private static final List<RunConfig.Domain> SOURCES =
      List.of(
          new RunConfig.Domain("synthetic-source", "s3a://bucket/a b", "train", 64, 32),
          new RunConfig.Domain(
              "synthetic-source",
              "b",
              "val",
              64,
              40,
              "",
              0.25,
              new Crop(33, 34, 0.5, 18),
              new Jitter(0.1, 0.2, 0.3, 0.4)));

  private static final RunConfig.Data DATA =
      new RunConfig.Data(
          "synthetic-8",
          SOURCES,
          List.of(new RunConfig.Domain("synthetic-target", "", "train", 128, 64)),
          new RunConfig.Domain("synthetic-target", "", "val", 96, 48),
          13,
          14,
          15,
          20_000,
          16,
          17,
          new Augmentation(true, 0.5, 1.5),
          Normalisation.TORCHVISION,
          new RareClassSampling(false, 19, 20));

  @Test
  void everyKeyReachesItsComponent() {
    assertThat(withEveryKey())
        .isEqualTo(
            new RunConfig(
                new RunConfig.Run("a", 7),
                new RunConfig.Schedule(
                    List.of(
                        new RunConfig.PhasePlan(Phase.SOURCE_ONLY, 3),
                        new RunConfig.PhasePlan(Phase.ADVERSARIAL, 4))),
                new Output("b", 11, 12, 10),
                DATA,
                new Model(
                    List.of(1, 2, 3, 4),
                    16,
                    List.of(5),
                    8,
                    Map.of("aux", 3, "main", 4),
                    Model.BatchStatistics.SOURCE_ONLY,
                    false,
                    Backbone.RESNET,
                    StrideOn.SPATIAL,
                    Model.Block.BOTTLENECK),
                new Loss(
                    GanLoss.LEAST_SQUARES,
                    Map.of("aux", 0.5, "main", 2.0),
                    Map.of("aux", 0.001, "main", 0.0),
                    Adaptation.OUTPUT,
                    DiscriminatorInput.WEIGHTED_SELF_INFORMATION,
                    2,
                    Map.of("road", 0.5),
                    Map.of("aux", 0.25, "main", 0.125),
                    new Loss.SelfTraining(0.5, 0.75, 0.9, new Jitter(0.1, 0.2, 0.3, 0.4))),
                new Optimizer(
                    new Optimizer.Generator(0.1, 0.2, 0.3, 4, Optimizer.Updates.YEAR_2018),
                    new Optimizer.Discriminator(0.5, 0.6, 0.7, 0.8),
                    new Optimizer.Decay(2, 7),
                    21,
                    1,
                    new Optimizer.Warmup(6, 0.25)),
                ClusterTest.EVERY_KEY,
                new Evaluation(26, "synthetic-8", Evaluation.BatchNorm.TARGET, 7),
                new Tracking(new Tracking.Mlflow("http://localhost:5000", "streets")),
                new InitialWeights(
                    "a.pth",
                    WeightsFrom.OWN,
                    false,
                    List.of("b=c"),
                    List.of("d.*"),
                    List.of("e"))));
  }

  private static RunConfig load(String... overrides) {
    return ConfigLoader.load(LEAST, "x.yaml", List.of(overrides));
  }
}
