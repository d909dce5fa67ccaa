package org.adaptseg.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.Level;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.Sample;
import org.adaptseg.data.image.Image;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.nn.layers.ParameterSpec;
import org.adaptseg.nn.training.Domain;
import org.adaptseg.nn.training.Predictions;
import org.adaptseg.nn.training.TeacherLabels;
import org.adaptseg.testing.RandomSamples;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SelfTrainingTest {
  private static final int HEIGHT = 32;
  private static final int WIDTH = 64;
  private static final int PIXELS = HEIGHT * WIDTH;
  private static final byte NONE = (byte) 255;

  private static RunConfig config(Phase phase, String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.add("schedule.phases.0.phase=" + phase.key());
    // What is hardly trained is sure of nothing.
    all.add("loss.self-training.confidence=0.2");
    return TinyRun.config(all.toArray(String[]::new));
  }

  private static RandomSamples samples() {
    return new RandomSamples(HEIGHT, WIDTH, TinyRun.CLASSES);
  }

  /** A network of zeros says the biases of its heads everywhere. */
  @Test
  void pastedPixelsWeighOneAndTheOthersTheShareOfConfidentOnes() {
    float[] bias = {0.5f, -1, 2, 0, 0.25f, -0.5f, 1, 0};
    RunConfig config = config(Phase.SELF_TRAINING, "model.levels={main: 4}");
    try (Networks networks = new Networks(config, TinyRun.CLASSES)) {
      List<ParameterSlice> biases =
          networks.generator().network().slices().stream()
              .filter(s -> s.head() && s.role() == ParameterSpec.Role.BIAS)
              .toList();
      networks.generator().network().parameters().fill(0);
      networks.generator().network().parameter(biases.get(0)).write(bias);
      networks.generator().network().parametersChanged();
      // A quarter of the pixels is pasted, with class 1; the others have class 2 or none.
      byte[] pasted = new byte[PIXELS];
      byte[] kept = new byte[PIXELS];
      Arrays.fill(pasted, NONE);
      Arrays.fill(pasted, 0, PIXELS / 4, (byte) 1);
      Arrays.fill(kept, (byte) 2);
      Arrays.fill(kept, 0, PIXELS / 4, NONE);
      MixedBatch mixed = new MixedBatch(List.of(samples().target()), pasted, kept, 0.25, 0.4);

      Predictions predictions =
          networks
              .generator()
              .predict(Domain.TARGET, List.of(new Image(HEIGHT, WIDTH, new float[3 * PIXELS])));
      double found = mixed.loss(predictions, Level.MAIN, 2, List.of()).get();
      networks.generator().backward(predictions);

      double sum = 0;
      for (float b : bias) {
        sum += Math.exp(b);
      }
      double first = Math.log(sum) - bias[1];
      double second = Math.log(sum) - bias[2];
      assertThat(found).isCloseTo(0.25 * first + 0.75 * 0.4 * second, within(1e-6));
      float[] gradient = networks.generator().network().gradients().read();
      for (int c = 0; c < bias.length; c++) {
        double p = Math.exp(bias[c]) / sum;
        double expected = 2 * (0.25 * (p - (c == 1 ? 1 : 0)) + 0.3 * (p - (c == 2 ? 1 : 0)));
        assertThat(gradient[(int) biases.get(0).offset() + c])
            .isCloseTo((float) expected, within(1e-5f));
      }
    }
  }

  @Test
  void theGradientIsThatOfDifferences() {
    RunConfig config = config(Phase.SELF_TRAINING, "model.batch-norm=running");
    RandomSamples samples = samples();
    Sample.Labelled source = samples.source();
    byte[] pasted = source.labels().values().clone();
    byte[] kept = pasted.clone();
    for (int i = 0; i < PIXELS; i++) {
      (i % 3 == 0 ? kept : pasted)[i] = NONE;
    }
    MixedBatch mixed = new MixedBatch(List.of(samples.target()), pasted, kept, 1 / 3.0, 0.6);
    List<Image> images = List.of(source.image());
    try (Networks networks = new Networks(config, TinyRun.CLASSES)) {
      networks.initialize(1);
      var network = networks.generator().network();
      ParameterSlice bias =
          network.slices().stream()
              .filter(s -> s.head() && s.role() == ParameterSpec.Role.BIAS)
              .reduce((a, b) -> b)
              .orElseThrow();
      Predictions predictions = networks.generator().predict(Domain.TARGET, images);
      mixed.loss(predictions, Level.MAIN, 1, List.of());
      networks.generator().backward(predictions);
      float gradient = network.gradients().read()[(int) bias.offset()];

      double[] losses = new double[2];
      float[] values = network.parameter(bias).read();
      for (int i = 0; i < 2; i++) {
        float[] moved = values.clone();
        moved[0] += i == 0 ? -0.05f : 0.05f;
        network.parameter(bias).write(moved);
        network.parametersChanged();
        predictions = networks.generator().predict(Domain.TARGET, images);
        losses[i] = mixed.loss(predictions, Level.MAIN, 0, List.of()).get();
      }
      assertThat((losses[1] - losses[0]) / 0.1)
          .isCloseTo(gradient, within(1e-3 * Math.abs(gradient) + 1e-5));
    }
  }

  @Test
  void whatIsMixedIsAFunctionOfSeedIterationAndPlace() {
    RandomSamples samples = samples();
    var source = List.of(samples.source());
    var target = List.of(samples.target());
    var labels = new TeacherLabels(new byte[PIXELS], 0.5);
    RunConfig config = config(Phase.SELF_TRAINING);
    MixedBatch first = MixedBatch.of(config, 7, 0, source, target, labels);

    assertThat(first.confident()).isEqualTo(0.5);
    assertThat(first.images().get(0).id()).isEqualTo("source 0 on target 1");
    assertThat(MixedBatch.of(config, 7, 0, source, target, labels).pasted())
        .isEqualTo(first.pasted());
    List<MixedBatch> others =
        List.of(
            MixedBatch.of(config, 8, 0, source, target, labels),
            MixedBatch.of(config, 7, 1, source, target, labels),
            MixedBatch.of(config(Phase.SELF_TRAINING, "run.seed=2"), 7, 0, source, target, labels));
    assertThat(others).allSatisfy(o -> assertThat(o.pasted()).isNotEqualTo(first.pasted()));
    MixedBatch coloured =
        MixedBatch.of(
            config(Phase.SELF_TRAINING, "loss.self-training.jitter={brightness: 0.5}"),
            7,
            0,
            source,
            target,
            labels);
    assertThat(coloured.pasted()).isEqualTo(first.pasted());
    assertThat(coloured.images().get(0).image().chw())
        .isNotEqualTo(first.images().get(0).image().chw());
  }

  @ParameterizedTest
  @EnumSource(names = {"SELF_TRAINING", "ADVERSARIAL_SELF_TRAINING"})
  void theTeacherFollowsAndDiscriminatorsLearnWhereThePhaseHasThem(Phase phase) {
    RunConfig config = config(phase, "optimizer.generator.learning-rate=0.001");
    TinyRun.Result found = TinyRun.run(phase, 3, config);

    Map<String, Map<Level, Double>> terms = found.losses().get(2).terms();
    assertThat(terms.keySet())
        .isEqualTo(
            phase.discriminators()
                ? java.util.Set.of(
                    "segmentation", "adversarial", "discriminator", "mixed", "confident")
                : java.util.Set.of("segmentation", "mixed", "confident"));
    assertThat(terms.get("mixed").keySet()).containsExactly(Level.AUX, Level.MAIN);
    assertThat(terms.get("mixed").get(Level.MAIN)).isPositive();
    assertThat(terms.get("confident").get(Level.MAIN)).isBetween(0.01, 1.0);
    float[] student = found.state().values("generator.parameters");
    float[] teacher = found.state().values("teacher.parameters");
    assertThat(teacher).hasSameSizeAs(student).isNotEqualTo(student);
    LearnerState initial = TinyRun.run(phase, 0, config).state();
    assertThat(initial.values("teacher.parameters"))
        .isEqualTo(initial.values("generator.parameters"))
        .isNotEqualTo(teacher);
    assertThat(
            Arrays.equals(
                found.state().values("discriminator-main.parameters"),
                initial.values("discriminator-main.parameters")))
        .isEqualTo(!phase.discriminators());
  }

  @Test
  void anotherWeightConfidenceOrMomentumIsAnotherResult() {
    List<float[]> results = new ArrayList<>();
    for (String key : List.of("weight=2", "confidence=0.5", "teacher-momentum=0")) {
      RunConfig config =
          TinyRun.config(
              "schedule.phases.0.phase=self-training",
              "optimizer.generator.learning-rate=0.01",
              "loss.self-training.confidence=0.2",
              "loss.self-training." + key);
      TinyRun.Result found = TinyRun.run(Phase.SELF_TRAINING, 4, config);
      results.add(found.state().values("generator.parameters"));
    }
    assertThat(results.get(0)).isNotEqualTo(results.get(1)).isNotEqualTo(results.get(2));
    assertThat(results.get(1)).isNotEqualTo(results.get(2));
  }

  @Test
  void aRunThatGoesOnFromItsStateHasTheSameBits() {
    Phase phase = Phase.ADVERSARIAL_SELF_TRAINING;
    RunConfig config = config(phase, "optimizer.batch-size=2", "optimizer.iter-size=2");
    LearnerState through = TinyRun.run(phase, 4, config).state();
    RandomSamples samples = samples();
    LearnerState half = steps(config, phase, null, samples, 0);

    LearnerState whole = steps(config, phase, half, samples, 2);

    for (LearnerState.Vector vector : through.vectors()) {
      assertThat(whole.values(vector.name())).as(vector.name()).isEqualTo(vector.values());
    }
  }

  private static LearnerState steps(
      RunConfig config, Phase phase, LearnerState from, RandomSamples samples, int iteration) {
    try (Networks networks = new Networks(config, TinyRun.CLASSES)) {
      networks.initialize(from == null ? 1 : 99);
      if (from != null) {
        networks.load(from);
      }
      AdaptationStep step = new AdaptationStep(networks, config);
      step.run(phase, iteration, iteration + 1, samples);
      step.run(phase, iteration + 1, iteration + 2, samples);
      return networks.state();
    }
  }

  @Test
  void theTeacherBeginsWithTheGeneratorsWeightsOfAFile() {
    RunConfig config = config(Phase.SELF_TRAINING, "optimizer.generator.learning-rate=1e-30");
    try (Networks networks = new Networks(config, TinyRun.CLASSES)) {
      networks.initialize(1);
      LearnerState state = networks.state();
      Arrays.fill(state.values("teacher.parameters"), 7);
      networks.load(state);
      new AdaptationStep(networks, config).run(Phase.SELF_TRAINING, 0, 1, samples());
      float[] teacher = networks.state().values("teacher.parameters");
      assertThat(teacher).isEqualTo(networks.state().values("generator.parameters"));
    }
  }

  @Test
  void aScheduleWithoutSelfTrainingHasNoTeacher() {
    RunConfig config = TinyRun.config();
    try (Networks networks = new Networks(config, TinyRun.CLASSES)) {
      networks.initialize(1);
      assertThat(networks.teacher()).isEmpty();
      AdaptationStep step = new AdaptationStep(networks, config);
      assertThatThrownBy(() -> step.run(Phase.SELF_TRAINING, 0, 1, samples()))
          .hasMessageStartingWith("Cannot train on mixed images: expected a teacher");
    }
  }
}
