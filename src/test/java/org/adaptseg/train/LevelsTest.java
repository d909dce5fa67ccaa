package org.adaptseg.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.adaptseg.config.Level;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.nn.Network;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Test;

class LevelsTest {
  private static final String MAIN_ALONE = "model.levels={main: 4}";
  private static final String THREE = "model.levels={main: 4, early: 2, aux: 3}";
  private static final String[] THREE_LEVELS = {
    THREE,
    "loss.segmentation-weight={early: 0.05, aux: 0.1, main: 1}",
    "loss.adversarial-weight={early: 0.0001, aux: 0.0002, main: 0.001}"
  };

  @Test
  void theVectorsOfThePapersLevelsKeepTheirNames() {
    List<String> names = names(TinyRun.run(Phase.ADVERSARIAL, 1, TinyRun.config()).state());

    assertThat(names)
        .containsExactly(
            "generator.parameters",
            "generator.velocity",
            "discriminator-aux.parameters",
            "discriminator-aux.adam-m",
            "discriminator-aux.adam-v",
            "discriminator-main.parameters",
            "discriminator-main.adam-m",
            "discriminator-main.adam-v");
  }

  @Test
  void aThirdLevelIsTrainedOnItsStage() {
    RunConfig config = TinyRun.config(THREE_LEVELS);
    TinyRun.Result one = TinyRun.run(Phase.ADVERSARIAL, 1, config);
    TinyRun.Result two = TinyRun.run(Phase.ADVERSARIAL, 2, config);

    assertThat(one.losses().get(0).terms().get(Losses.SEGMENTATION).keySet())
        .containsExactly(new Level("early"), Level.AUX, Level.MAIN);
    assertThat(names(one.state()))
        .contains("discriminator-early.parameters", "discriminator-aux.parameters");
    assertThat(one.losses().get(0).terms().get(Losses.SEGMENTATION).get(new Level("early")))
        .isPositive();
    // Stage 2 has 8 * 2 * 4 channels.
    ParameterSlice weight = slice(config, "head-early.conv2d_list.0.weight");
    assertThat(weight.shape()).containsExactly(TinyRun.CLASSES, 64, 3, 3);
    assertThat(weight.head()).isTrue();
    assertThat(values(two.state(), weight)).isNotEqualTo(values(one.state(), weight));
    assertThat(two.state().values("discriminator-early.parameters"))
        .isNotEqualTo(one.state().values("discriminator-early.parameters"));
  }

  @Test
  void aLevelWithoutWeightsDoesNotTouchTheRestOfTheGenerator() {
    RunConfig alone = TinyRun.config(MAIN_ALONE);
    RunConfig idle =
        TinyRun.config(
            "loss.segmentation-weight={aux: 0, main: 1}",
            "loss.adversarial-weight={aux: 0, main: 0.001}");
    LearnerState expected = TinyRun.run(Phase.ADVERSARIAL, 3, alone).state();
    TinyRun.Result found = TinyRun.run(Phase.ADVERSARIAL, 3, idle);

    List<ParameterSlice> idleSlices = slices(idle);
    for (ParameterSlice slice : slices(alone)) {
      ParameterSlice same =
          idleSlices.stream().filter(s -> s.key().equals(slice.key())).findFirst().orElseThrow();
      assertThat(values(found.state(), same)).as(slice.key()).isEqualTo(values(expected, slice));
    }
    assertThat(found.state().values("discriminator-main.parameters"))
        .isEqualTo(expected.values("discriminator-main.parameters"));
    // As in the released code, such a level is watched and its discriminator learns.
    assertThat(found.losses().get(2).terms().get(Losses.DISCRIMINATOR).get(Level.AUX)).isPositive();
    assertThat(names(expected)).noneMatch(name -> name.contains("aux"));
  }

  @Test
  void onlyWhatIsNotThePapersAddsToTheFingerprint() {
    assertThat(Networks.fingerprint(TinyRun.config(), 8))
        .isEqualTo("resnet[1,1,1,1]-w8-c8-r[1,2]+disc-w8-c8");
    assertThat(Networks.fingerprint(TinyRun.config(THREE_LEVELS), 8))
        .isEqualTo("resnet[1,1,1,1]-w8-c8-r[1,2]-l{early2,aux3,main4}+disc-w8-c8");
    assertThat(
            Networks.fingerprint(
                TinyRun.config("model.stride-on=3x3", "data.normalisation=torchvision"), 8))
        .isEqualTo("resnet[1,1,1,1]-w8-c8-r[1,2]-stride-on-3x3+disc-w8-c8+input-torchvision");
  }

  private static List<String> names(LearnerState state) {
    return state.vectors().stream().map(LearnerState.Vector::name).toList();
  }

  private static List<ParameterSlice> slices(RunConfig config) {
    try (Networks networks = new Networks(config, TinyRun.CLASSES)) {
      Network network = networks.generator().network();
      return network.slices();
    }
  }

  private static ParameterSlice slice(RunConfig config, String key) {
    return slices(config).stream().filter(s -> s.key().equals(key)).findFirst().orElseThrow();
  }

  private static float[] values(LearnerState state, ParameterSlice slice) {
    float[] all = state.values("generator.parameters");
    int from = Math.toIntExact(slice.offset());
    return java.util.Arrays.copyOfRange(all, from, from + Math.toIntExact(slice.length()));
  }
}
