package org.adaptseg.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.adaptseg.config.Level;
import org.adaptseg.config.RunConfig;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole iterations by ND4J's operations against those by oneDNN. */
class EnginesAgreeTest {
  /** Relative: float32 rounds to 6e-8, and 20 layers with batch statistics make that 1e-4. */
  private static final double BOUND = 1e-3;

  /** Overrides of a tiny run, one for each form that an iteration takes. */
  static List<String> configurations() {
    return List.of(
        "run.seed=1",
        "loss.adaptation=feature",
        "loss.discriminator-input=weighted-self-information",
        "loss.gan=hinge",
        "loss.class-weights={road: 0.25, car: 4}",
        "loss.entropy-weight={aux: 0.1, main: 0.2}",
        "schedule.phases.0.phase=adversarial-self-training",
        "model.align-corners=false",
        "model.batch-norm=running",
        "optimizer.batch-size=2",
        "optimizer.generator.updates=2018",
        "model={block: basic, layers: [2, 1, 1, 1], base-width: 8, discriminator-width: 4}",
        "model={backbone: vgg, base-width: 4, discriminator-width: 4}");
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void anIterationHasTheSameLossesAndUpdates(String override) {
    requireAgreement(override, "nd4j", "onednn");
  }

  /** Compares two engines' iterations. */
  static void requireAgreement(String override, String other, String engine) {
    requireAgreement(
        run(override, other, "float32"), run(override, engine, "float32"), BOUND, BOUND);
  }

  /**
   * Compares what two engines left.
   *
   * @param ofLoss largest relative difference of a loss
   * @param ofVector of a vector of the state
   */
  static void requireAgreement(
      TinyRun.Result expected, TinyRun.Result found, double ofLoss, double ofVector) {
    Map<String, Map<Level, Double>> terms = expected.losses().get(0).terms();
    terms.forEach(
        (term, levels) ->
            levels.forEach(
                (level, loss) ->
                    assertThat(found.losses().get(0).terms().get(term).get(level))
                        .as("%s, %s", term, level)
                        .isCloseTo(loss, within(ofLoss * Math.abs(loss)))));
    assertThat(found.losses().get(0).terms().keySet()).isEqualTo(terms.keySet());
    for (LearnerState.Vector vector : expected.state().vectors()) {
      assertThat(distance(found.state().values(vector.name()), vector.values()))
          .as(vector.name())
          .isLessThan(ofVector);
    }
  }

  /** An iteration of an engine in a precision. */
  static TinyRun.Result run(String override, String engine, String precision) {
    // What is not trained yet is sure of nothing.
    String confidence = "loss.self-training.confidence=0.15";
    RunConfig config =
        TinyRun.config(
            override, confidence, "cluster.engine=" + engine, "cluster.precision=" + precision);
    return TinyRun.run(config.schedule().phases().get(0).phase(), 1, config);
  }

  /** Root mean square of the difference over that of the values. */
  static double distance(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    double difference = 0;
    double size = 0;
    for (int i = 0; i < found.length; i++) {
      difference += Math.pow((double) found[i] - expected[i], 2);
      size += (double) expected[i] * expected[i];
    }
    return Math.sqrt(difference / size);
  }
}
