package org.adaptseg.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.adaptseg.config.Optimizer.Updates;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.nn.layers.ParameterSpec.Role;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class OptimizersTest {
  private static ParameterSlice slice(String key, Role role, boolean head, long offset) {
    return new ParameterSlice(key, role, head, offset, new long[] {1});
  }

  /** Backbone weight, head bias, frozen scale. */
  private static final List<ParameterSlice> SLICES =
      List.of(
          slice("layer1.0.conv1.weight", Role.WEIGHT, false, 0),
          slice("layer6.conv2d_list.0.bias", Role.BIAS, true, 1),
          slice("bn1.weight", Role.NORM_SCALE, false, 2));

  @Test
  void momentumSgdFollowsTheFormulaByHand() {
    INDArray p = Nd4j.createFromArray(1f, 2f, 3f);
    INDArray g = Nd4j.createFromArray(0.5f, -1f, 7f);
    INDArray v = Nd4j.createFromArray(1f, 0f, 0f);
    new MomentumSgd(0.5, 0.25, 10, Updates.ONCE).step(SLICES, p, g, v, 0.125);

    // v = 0.5·1 + (0.5 + 0.25·1) = 1.25;  p = 1 − 0.125·1.25
    // v = 0 + (−1 + 0.25·2) = −0.5;       p = 2 + 1.25·0.5
    assertThat(v.toFloatVector()).containsExactly(1.25f, -0.5f, 0f);
    assertThat(p.toFloatVector()).containsExactly(0.84375f, 2.625f, 3f);
  }

  /** One value each of a block, a shortcut, the stem and a head: named 3, 4, 1 and 1 times. */
  @Test
  void theUpdatesOf2018FollowTheReleasedParameterListByHand() {
    List<ParameterSlice> slices =
        List.of(
            slice("layer1.0.conv1.weight", Role.WEIGHT, false, 0),
            slice("layer1.0.downsample.0.weight", Role.WEIGHT, false, 1),
            slice("conv1.weight", Role.WEIGHT, false, 2),
            slice("layer6.conv2d_list.0.weight", Role.WEIGHT, true, 3));
    INDArray p = Nd4j.createFromArray(1f, 1f, 1f, 1f);
    INDArray g = Nd4j.createFromArray(1f, 1f, 1f, 1f);
    INDArray v = Nd4j.create(4);
    new MomentumSgd(0.5, 0.5, 2, Updates.YEAR_2018).step(slices, p, g, v, 0.5);

    // Each time g ← g + p/2, v ← v/2 + g, p ← p − v/2, from g = 1, v = 0, p = 1:
    // 1st: g = 1.5, v = 1.5, p = 0.25;  2nd: g = 1.625, v = 2.375, p = −0.9375
    // 3rd: g = 1.15625, v = 2.34375, p = −2.109375
    // 4th: g = 0.1015625, v = 1.2734375, p = −2.74609375
    assertThat(v.toFloatVector()).containsExactly(2.34375f, 1.2734375f, 1.5f, 1.5f);
    assertThat(p.toFloatVector()).containsExactly(-2.109375f, -2.74609375f, 0.25f, -0.5f);
    // The next iteration begins with its own gradient.
    assertThat(g.toFloatVector()).containsExactly(1f, 1f, 1f, 1f);
  }

  @Test
  void momentumSgdNamesTheTensorOfAGradientThatIsNoNumber() {
    INDArray p = Nd4j.createFromArray(1f, 2f, 3f);
    INDArray g = Nd4j.createFromArray(0f, Float.NaN, 0f);
    assertThatThrownBy(
            () -> new MomentumSgd(0.9, 0, 1, Updates.ONCE).step(SLICES, p, g, Nd4j.create(3), 1))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("layer6.conv2d_list.0.bias");
  }

  @Test
  void adamFollowsTheFormulaByHand() {
    INDArray p = Nd4j.createFromArray(1f);
    INDArray m = Nd4j.createFromArray(0f);
    INDArray v = Nd4j.createFromArray(0f);
    Adam adam = new Adam(0.5, 0.75, 0);
    adam.step(p, Nd4j.createFromArray(2f), m, v, 0.25, 1);
    // m = 1, v = 1; corrected m = 2, corrected v = 4: p = 1 − 0.25·2/2
    assertThat(List.of(m.getFloat(0), v.getFloat(0), p.getFloat(0))).containsExactly(1f, 1f, 0.75f);

    adam.step(p, Nd4j.createFromArray(-1f), m, v, 0.25, 2);
    // m = 0.5·1 − 0.5 = 0, v = 0.75 + 0.25 = 1: no step
    assertThat(List.of(m.getFloat(0), v.getFloat(0), p.getFloat(0))).containsExactly(0f, 1f, 0.75f);
  }

  @Test
  void adamRefusesAGradientThatIsNoNumber() {
    INDArray one = Nd4j.createFromArray(1f);
    assertThatThrownBy(
            () ->
                new Adam(0.9, 0.99, 1e-8)
                    .step(
                        one,
                        Nd4j.createFromArray(Float.POSITIVE_INFINITY),
                        Nd4j.create(1),
                        Nd4j.create(1),
                        1,
                        1))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void theDecayFallsToNothingAndStaysThere() {
    PolynomialDecay decay = new PolynomialDecay(0.5, 100, 2);
    assertThat(decay.at(0)).isEqualTo(0.5);
    assertThat(decay.at(50)).isCloseTo(0.125, within(1e-15));
    assertThat(decay.at(100)).isZero();
    assertThat(decay.at(1000)).isZero();
  }
}
