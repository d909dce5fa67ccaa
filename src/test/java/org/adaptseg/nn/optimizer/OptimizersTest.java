package org.adaptseg.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.adaptseg.config.Optimizer.Updates;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.Optimizers;
import org.adaptseg.engine.Vector;
import org.adaptseg.engine.nd4j.Nd4jEngine;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.nn.layers.ParameterSpec.Role;
import org.adaptseg.testing.Tensors;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizersTest {
  static Stream<Named<Supplier<Engine>>> engines() {
    return Stream.of(Named.of("oneDNN", OneDnnEngine::new), Named.of("ND4J", Nd4jEngine::float32));
  }

  private static ParameterSlice slice(String key, Role role, boolean head, long offset) {
    return new ParameterSlice(key, role, head, offset, new long[] {1});
  }

  /** Backbone weight, head bias, frozen scale. */
  private static final List<ParameterSlice> SLICES =
      List.of(
          slice("layer1.0.conv1.weight", Role.WEIGHT, false, 0),
          slice("layer6.conv2d_list.0.bias", Role.BIAS, true, 1),
          slice("bn1.weight", Role.NORM_SCALE, false, 2));

  @ParameterizedTest
  @MethodSource("engines")
  void momentumSgdFollowsTheFormulaByHand(Supplier<Engine> make) {
    try (Engine engine = make.get()) {
      Vector p = Tensors.vector(engine, 1f, 2f, 3f);
      Vector g = Tensors.vector(engine, 0.5f, -1f, 7f);
      Vector v = Tensors.vector(engine, 1f, 0f, 0f);
      new MomentumSgd(0.5, 0.25, 10, Updates.ONCE)
          .step(engine.optimizers(), SLICES, p, g, v, 0.125);

      // v = 0.5·1 + (0.5 + 0.25·1) = 1.25;  p = 1 − 0.125·1.25
      // v = 0 + (−1 + 0.25·2) = −0.5;       p = 2 + 1.25·0.5
      assertThat(v.read()).containsExactly(1.25f, -0.5f, 0f);
      assertThat(p.read()).containsExactly(0.84375f, 2.625f, 3f);
    }
  }

  /** One value each of a block, a shortcut, the stem and a head: named 3, 4, 1 and 1 times. */
  @ParameterizedTest
  @MethodSource("engines")
  void theUpdatesOf2018FollowTheReleasedParameterListByHand(Supplier<Engine> make) {
    List<ParameterSlice> slices =
        List.of(
            slice("layer1.0.conv1.weight", Role.WEIGHT, false, 0),
            slice("layer1.0.downsample.0.weight", Role.WEIGHT, false, 1),
            slice("conv1.weight", Role.WEIGHT, false, 2),
            slice("layer6.conv2d_list.0.weight", Role.WEIGHT, true, 3));
    try (Engine engine = make.get()) {
      Vector p = Tensors.vector(engine, 1f, 1f, 1f, 1f);
      Vector g = Tensors.vector(engine, 1f, 1f, 1f, 1f);
      Vector v = engine.vector(4);
      new MomentumSgd(0.5, 0.5, 2, Updates.YEAR_2018)
          .step(engine.optimizers(), slices, p, g, v, 0.5);

      // Each time g ← g + p/2, v ← v/2 + g, p ← p − v/2, from g = 1, v = 0, p = 1:
      // 1st: g = 1.5, v = 1.5, p = 0.25;  2nd: g = 1.625, v = 2.375, p = −0.9375
      // 3rd: g = 1.15625, v = 2.34375, p = −2.109375
      // 4th: g = 0.1015625, v = 1.2734375, p = −2.74609375
      assertThat(v.read()).containsExactly(2.34375f, 1.2734375f, 1.5f, 1.5f);
      assertThat(p.read()).containsExactly(-2.109375f, -2.74609375f, 0.25f, -0.5f);
      // The next iteration begins with its own gradient.
      assertThat(g.read()).containsExactly(1f, 1f, 1f, 1f);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void momentumSgdNamesTheTensorOfAGradientThatIsNoNumber(Supplier<Engine> make) {
    try (Engine engine = make.get()) {
      Vector p = Tensors.vector(engine, 1f, 2f, 3f);
      Vector g = Tensors.vector(engine, 0f, Float.NaN, 0f);
      MomentumSgd optimizer = new MomentumSgd(0.9, 0, 1, Updates.ONCE);
      assertThatThrownBy(
              () -> optimizer.step(engine.optimizers(), SLICES, p, g, engine.vector(3), 1))
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("layer6.conv2d_list.0.bias");
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void adamFollowsTheFormulaByHand(Supplier<Engine> make) {
    try (Engine engine = make.get()) {
      Vector p = Tensors.vector(engine, 1f);
      Vector m = Tensors.vector(engine, 0f);
      Vector v = Tensors.vector(engine, 0f);
      Optimizers.AdamRule adam = new Optimizers.AdamRule(0.5, 0.75, 0);
      engine.optimizers().adam(adam, p, Tensors.vector(engine, 2f), m, v, 0.25, 1);
      // m = 1, v = 1; corrected m = 2, corrected v = 4: p = 1 − 0.25·2/2
      assertThat(m.read()).containsExactly(1f);
      assertThat(v.read()).containsExactly(1f);
      assertThat(p.read()).containsExactly(0.75f);

      engine.optimizers().adam(adam, p, Tensors.vector(engine, -1f), m, v, 0.25, 2);
      // m = 0.5·1 − 0.5 = 0, v = 0.75 + 0.25 = 1: no step
      assertThat(m.read()).containsExactly(0f);
      assertThat(v.read()).containsExactly(1f);
      assertThat(p.read()).containsExactly(0.75f);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void adamRefusesAGradientThatIsNoNumber(Supplier<Engine> make) {
    try (Engine engine = make.get()) {
      Vector one = Tensors.vector(engine, 1f);
      Vector infinite = Tensors.vector(engine, Float.POSITIVE_INFINITY);
      Optimizers.AdamRule adam = new Optimizers.AdamRule(0.9, 0.99, 1e-8);
      assertThatThrownBy(
              () ->
                  engine
                      .optimizers()
                      .adam(adam, one, infinite, engine.vector(1), engine.vector(1), 1, 1))
          .isInstanceOf(ArithmeticException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void oneValueThatIsNoNumberIsFoundAmongMany(Supplier<Engine> make) {
    try (Engine engine = make.get()) {
      float[] values = new float[100_000];
      Vector vector = Tensors.vector(engine, values);
      assertThat(engine.optimizers().areFinite(vector).get()).isTrue();
      for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
        for (int at : new int[] {0, 12_345, 99_999}) {
          vector.part(at, 1).fill(bad);
          assertThat(engine.optimizers().areFinite(vector).get()).isFalse();
          vector.part(at, 1).fill(1f);
        }
      }
    }
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
