package org.adaptseg.spark.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.adaptseg.config.Cluster.Outer;
import org.adaptseg.config.Cluster.OuterNetworks;
import org.adaptseg.config.Phase;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.LearnerState.Vector;
import org.adaptseg.train.TrainedValues;
import org.junit.jupiter.api.Test;

class OuterStepTest {
  /** The generator's third value is a running statistic. */
  private static final TrainedValues TRAINED =
      new TrainedValues(List.of(network("generator", 2), network("discriminator-main", 1)));

  private static TrainedValues.Network network(String name, long trained) {
    return new TrainedValues.Network(
        name, name + ".parameters", List.of(new TrainedValues.Range(0, trained)));
  }

  private static LearnerState state(float first, float second, float running, float judge) {
    return new LearnerState(
        List.of(
            new Vector("generator.parameters", new float[] {first, second, running}),
            new Vector("generator.velocity", new float[] {7, 7, 7}),
            new Vector("discriminator-main.parameters", new float[] {judge})));
  }

  private static OuterStep step(
      OuterNetworks networks, double momentum, double rate, boolean nesterov) {
    return new OuterStep(new Outer(networks, momentum, rate, nesterov), TRAINED);
  }

  @Test
  void movesByTheVelocityOfTheMeansWays() {
    OuterStep step = step(OuterNetworks.BOTH, 0.5, 0.25, false);

    LearnerState one = step.step(state(0, 1, 5, 2), state(4, 1, 6, 3), Phase.ADVERSARIAL);
    // v is 4, 0 and 1; a quarter of it.
    assertThat(one.values("generator.parameters")).containsExactly(1, 1, 6);
    assertThat(one.values("discriminator-main.parameters")).containsExactly(2.25f);
    assertThat(one.values("generator.velocity")).containsExactly(7, 7, 7);
    assertThat(one.values("generator.outer-velocity")).containsExactly(4, 0, 0);
    assertThat(one.values("discriminator-main.outer-velocity")).containsExactly(1);

    LearnerState two = step.step(one, state(3, 5, 8, 2.25f), Phase.ADVERSARIAL);
    // v is 4 / 2 + 2, 0 + 4 and 1 / 2 + 0.
    assertThat(two.values("generator.parameters")).containsExactly(2, 2, 8);
    assertThat(two.values("generator.outer-velocity")).containsExactly(4, 4, 0);
    assertThat(two.values("discriminator-main.parameters")).containsExactly(2.375f);
  }

  @Test
  void nesterovsLooksAhead() {
    OuterStep step = step(OuterNetworks.GENERATOR, 0.5, 0.25, true);

    LearnerState one = step.step(state(0, 1, 5, 2), state(4, 1, 6, 3), Phase.ADVERSARIAL);

    // A quarter of 0.5 · 4 + 4.
    assertThat(one.values("generator.parameters")).containsExactly(1.5f, 1, 6);
    assertThat(one.values("discriminator-main.parameters")).containsExactly(3);
    assertThat(one.vectors()).hasSize(4);
  }

  @Test
  void whatARoundDoesNotTrainStaysAndKeepsItsVelocity() {
    OuterStep step = step(OuterNetworks.DISCRIMINATORS, 0.5, 1, false);
    LearnerState one = step.step(state(0, 1, 5, 2), state(4, 1, 6, 3), Phase.ADVERSARIAL);

    LearnerState two = step.step(one, state(5, 1, 6, 3), Phase.SOURCE_ONLY);

    assertThat(two.values("discriminator-main.parameters")).containsExactly(3);
    assertThat(two.values("discriminator-main.outer-velocity")).containsExactly(1);
  }

  @Test
  void aRateOfOneWithoutMomentumIsThePlainMeanToTheBit() {
    float[] values = {-0.0f, 1e-30f, 16_777_217f, 0.1f};
    for (boolean nesterov : new boolean[] {false, true}) {
      OuterStep step = step(OuterNetworks.BOTH, 0, 1, nesterov);
      for (float from : values) {
        for (float to : values) {
          LearnerState after =
              step.step(state(from, to, 0, 1), state(to, from, 0, from), Phase.ADVERSARIAL);
          assertThat(Float.floatToRawIntBits(after.values("generator.parameters")[0]))
              .isEqualTo(Float.floatToRawIntBits(to));
          assertThat(Float.floatToRawIntBits(after.values("discriminator-main.parameters")[0]))
              .isEqualTo(Float.floatToRawIntBits(from));
        }
      }
    }
  }

  @Test
  void workersAreNotSentTheVelocities() {
    LearnerState begin = state(0, 1, 5, 2);
    assertThat(OuterStep.ofWorkers(begin)).isSameAs(begin);
    OuterStep step = step(OuterNetworks.BOTH, 0.5, 1, true);
    LearnerState after = step.step(begin, state(4, 1, 6, 3), Phase.ADVERSARIAL);

    assertThat(OuterStep.ofWorkers(after).vectors())
        .extracting(Vector::name)
        .containsExactlyElementsOf(begin.vectors().stream().map(Vector::name).toList());
  }
}
