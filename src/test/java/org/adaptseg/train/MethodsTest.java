package org.adaptseg.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.adaptseg.config.Level;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.Sample;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.nn.layers.ParameterSpec;
import org.adaptseg.testing.RandomSamples;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MethodsTest {
  private static final LearnerState PLAIN =
      TinyRun.run(Phase.ADVERSARIAL, 1, TinyRun.config()).state();

  @Test
  void theOracleLearnsFromTargetLabelsAsTheBaselineDoesFromSourceLabels() {
    // The samples of both kinds are the same here.
    LearnerState oracle = TinyRun.run(Phase.ORACLE, 1, TinyRun.config()).state();
    LearnerState baseline = TinyRun.run(Phase.SOURCE_ONLY, 1, TinyRun.config()).state();

    assertThat(oracle.values("generator.parameters"))
        .isEqualTo(baseline.values("generator.parameters"));
  }

  @Test
  void onlyAnOraclePhaseAsksForTargetLabels() {
    RunConfig config = TinyRun.config();
    try (Networks networks = new Networks(config, TinyRun.CLASSES)) {
      networks.initialize(1);
      AdaptationStep step = new AdaptationStep(networks, config);
      RandomSamples all = new RandomSamples(32, 64, TinyRun.CLASSES);
      var unlabelled =
          new AdaptationStep.Samples() {
            @Override
            public Sample.Labelled source() {
              return all.source();
            }

            @Override
            public Sample.Unlabelled target() {
              return all.target();
            }
          };
      step.run(Phase.SOURCE_ONLY, 0, 1, unlabelled);
      step.run(Phase.ADVERSARIAL, 1, 1, unlabelled);
      assertThatThrownBy(() -> step.run(Phase.ORACLE, 2, 2, unlabelled))
          .hasMessageContaining("expected labelled target samples");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "loss.adaptation=feature",
        "loss.discriminator-input=weighted-self-information",
        "model.align-corners=false",
        "loss.class-weights={road: 0.25, car: 4}",
        "model.batch-norm=source-only",
        "model.batch-norm=running",
        "optimizer.batch-size=2"
      })
  void eachSwitchChangesTheResultAndTrainsEveryNetwork(String override) {
    TinyRun.Result found = TinyRun.run(Phase.ADVERSARIAL, 1, TinyRun.config(override));
    LearnerState initial = initial(TinyRun.config(override));

    assertThat(found.state().values("generator.parameters"))
        .isNotEqualTo(PLAIN.values("generator.parameters"));
    for (String vector :
        List.of(
            "generator.parameters",
            "discriminator-aux.parameters",
            "discriminator-main.parameters")) {
      assertThat(found.state().values(vector)).as(vector).isNotEqualTo(initial.values(vector));
    }
    assertThat(found.losses().get(0).terms().get(Losses.ADVERSARIAL).get(Level.MAIN)).isPositive();
  }

  /** Statistics apart, which the images of a batch share, a batch is the mean of its images. */
  @ParameterizedTest
  @ValueSource(strings = {"softmax", "weighted-self-information"})
  void withGivenStatisticsABatchOfTwoLearnsWhatTwoPassesLearn(String input) {
    String[] given = {"model.batch-norm=running", "loss.discriminator-input=" + input, ""};
    given[2] = "optimizer.batch-size=2";
    TinyRun.Result batch = TinyRun.run(Phase.ADVERSARIAL, 1, TinyRun.config(given));
    given[2] = "optimizer.iter-size=2";
    TinyRun.Result passes = TinyRun.run(Phase.ADVERSARIAL, 1, TinyRun.config(given));

    for (LearnerState.Vector vector : passes.state().vectors()) {
      float[] found = batch.state().values(vector.name());
      double difference = 0;
      double size = 0;
      for (int i = 0; i < found.length; i++) {
        difference += Math.pow(found[i] - vector.values()[i], 2);
        size += Math.pow(vector.values()[i], 2);
      }
      assertThat(Math.sqrt(difference / size)).as(vector.name()).isLessThan(1e-4);
    }
  }

  @Test
  void adaptedFeaturesPullTheBackboneAndLeaveTheHeadsToTheLabels() {
    String[] alone = {"model.levels={main: 4}", "loss.adaptation=feature"};
    RunConfig config = TinyRun.config(alone);
    RunConfig without = TinyRun.config(alone[0], alone[1], "loss.adversarial-weight={main: 0}");
    RunConfig strong = TinyRun.config(alone[0], alone[1], "loss.adversarial-weight={main: 10}");
    LearnerState pulled = TinyRun.run(Phase.ADVERSARIAL, 1, strong).state();
    LearnerState free = TinyRun.run(Phase.ADVERSARIAL, 1, without).state();

    for (ParameterSlice slice : slices(config)) {
      if (slice.role() == ParameterSpec.Role.WEIGHT) {
        boolean same = java.util.Arrays.equals(values(pulled, slice), values(free, slice));
        assertThat(same).as(slice.key()).isEqualTo(slice.head());
      }
    }
    // Stage 4 has 8 * 8 * 4 channels; the discriminator's first convolution sees them all.
    assertThat(pulled.values("discriminator-main.parameters").length).isGreaterThan(256 * 8 * 16);
  }

  @Test
  void onlyTheStatisticsSwitchDecidesWhichImagesMoveTheRunningOnes() {
    RunConfig batch = TinyRun.config();
    LearnerState baseline = TinyRun.run(Phase.SOURCE_ONLY, 1, batch).state();
    LearnerState source =
        TinyRun.run(Phase.ADVERSARIAL, 1, TinyRun.config("model.batch-norm=source-only")).state();
    LearnerState none =
        TinyRun.run(Phase.ADVERSARIAL, 1, TinyRun.config("model.batch-norm=running")).state();

    for (ParameterSlice slice : slices(batch)) {
      float[] moved = values(baseline, slice);
      if (slice.role() == ParameterSpec.Role.RUNNING_MEAN) {
        assertThat(values(source, slice)).as(slice.key()).isEqualTo(moved);
        assertThat(values(PLAIN, slice)).as(slice.key()).isNotEqualTo(moved);
        assertThat(values(none, slice)).as(slice.key()).containsOnly(0f);
      }
    }
    // The target images were normalised all the same: the pull on the generator differs from none.
    assertThat(source.values("generator.parameters"))
        .isNotEqualTo(baseline.values("generator.parameters"));
  }

  @Test
  void anEntropyPhaseLowersTheEntropyAndLeavesTheDiscriminatorsAlone() {
    RunConfig config =
        TinyRun.config(
            "schedule.phases.0.phase=entropy",
            "loss.segmentation-weight={aux: 0, main: 0.01}",
            "loss.entropy-weight={aux: 1, main: 10}",
            "optimizer.generator.learning-rate=0.001");
    TinyRun.Result found = TinyRun.run(Phase.ENTROPY, 12, config);

    Map<String, Map<Level, Double>> first = found.losses().get(0).terms();
    assertThat(first.keySet()).containsExactly("segmentation", "entropy");
    assertThat(found.losses().get(11).terms().get("entropy").get(Level.MAIN))
        .isLessThan(first.get("entropy").get(Level.MAIN));
    for (String vector : List.of("discriminator-aux.parameters", "discriminator-main.parameters")) {
      assertThat(found.state().values(vector)).isEqualTo(initial(config).values(vector));
    }
  }

  @Test
  void entropyIsComputedWhereItHasAWeight() {
    TinyRun.Result found =
        TinyRun.run(Phase.ADVERSARIAL, 1, TinyRun.config("loss.entropy-weight={main: 1}"));

    assertThat(found.losses().get(0).terms().keySet())
        .containsExactly("segmentation", "adversarial", "discriminator", "entropy");
    assertThat(found.losses().get(0).terms().get("entropy").keySet()).containsExactly(Level.MAIN);
    assertThat(TinyRun.run(Phase.ADVERSARIAL, 1, TinyRun.config()).losses().get(0).terms())
        .doesNotContainKey("entropy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"softmax", "weighted-self-information"})
  void entropyAndAdversarialGradientsAddUp(String input) {
    String none = "loss.adversarial-weight={aux: 0, main: 0}";
    String adversarial = "loss.adversarial-weight={aux: 1, main: 1}";
    String entropy = "loss.entropy-weight={aux: 1, main: 1}";
    float[] neither = firstVelocity(input, none);
    float[] pulled = firstVelocity(input, adversarial);
    float[] minimised = firstVelocity(input, none, entropy);
    float[] both = firstVelocity(input, adversarial, entropy);

    double size = 0;
    double error = 0;
    for (int i = 0; i < both.length; i++) {
      float sum = pulled[i] + minimised[i] - neither[i];
      size += Math.pow(minimised[i] - neither[i], 2);
      error += Math.pow(both[i] - sum, 2);
    }
    assertThat(size).isPositive();
    assertThat(Math.sqrt(error / size)).isLessThan(1e-3);
  }

  /** The momentum after one iteration is the gradient and the same decay for all. */
  private static float[] firstVelocity(String input, String... overrides) {
    String[] all = java.util.Arrays.copyOf(overrides, overrides.length + 1);
    all[overrides.length] = "loss.discriminator-input=" + input;
    return TinyRun.run(Phase.ADVERSARIAL, 1, TinyRun.config(all))
        .state()
        .values("generator.velocity");
  }

  @Test
  void anEntropyPhaseWithoutAWeightIsRefused() {
    assertThatThrownBy(() -> TinyRun.config("schedule.phases.0.phase=entropy"))
        .hasMessageContaining(
            "loss: expected an entropy-weight above 0 where a phase is entropy, found {aux=0.0,"
                + " main=0.0}");
  }

  @Test
  void otherAdaptedSpacesAreOtherNetworks() {
    assertThat(Networks.fingerprint(TinyRun.config("loss.adaptation=feature"), 8))
        .isEqualTo("resnet[1,1,1,1]-w8-c8-r[1,2]+disc-w8-c128+disc-w8-c256");
  }

  @Test
  void memoryGrowsWithAdaptedFeaturesAndShrinksWithTheirStride() {
    String[] big = {
      "data.source.width=1024", "data.source.height=512",
      "data.target.width=1024", "data.target.height=512"
    };
    String[] feature = java.util.Arrays.copyOf(big, 5);
    feature[4] = "loss.adaptation=feature";
    String[] coarse = java.util.Arrays.copyOf(feature, 6);
    coarse[5] = "loss.feature-stride=4";
    long output = MemoryEstimate.of(TinyRun.config(big), 8).workerBytes();
    long fine = MemoryEstimate.of(TinyRun.config(feature), 8).workerBytes();
    long small = MemoryEstimate.of(TinyRun.config(coarse), 8).workerBytes();

    // Three times 128 + 256 channels of two images.
    assertThat(fine - output).isGreaterThan(3L * 384 * 2 * 1024 * 512 * 4);
    assertThat(small - output).isBetween((fine - output) / 20, (fine - output) / 12);
  }

  private static LearnerState initial(RunConfig config) {
    try (Networks networks = new Networks(config, TinyRun.CLASSES)) {
      networks.initialize(1);
      return networks.state();
    }
  }

  private static List<ParameterSlice> slices(RunConfig config) {
    try (Networks networks = new Networks(config, TinyRun.CLASSES)) {
      return networks.generator().network().slices();
    }
  }

  private static float[] values(LearnerState state, ParameterSlice slice) {
    int from = Math.toIntExact(slice.offset());
    return java.util.Arrays.copyOfRange(
        state.values("generator.parameters"), from, from + Math.toIntExact(slice.length()));
  }
}
