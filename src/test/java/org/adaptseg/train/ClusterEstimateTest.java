package org.adaptseg.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import org.adaptseg.config.Cluster;
import org.adaptseg.config.RunConfig;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Test;

class ClusterEstimateTest {
  private static final RunConfig CONFIG =
      TinyRun.config(
          "schedule.phases=[{phase: adversarial, iterations: 1000}]",
          "output.checkpoint-interval=1000",
          "evaluation.interval=0",
          "cluster.workers=4");

  /** 400 MB in 8 parts; 1.46 s are those of a network of 10 Gbit/s. */
  private static ClusterEstimate estimate(double averagingSeconds) {
    return new ClusterEstimate(
        CONFIG,
        new RoundEstimate(400_000_000, 400_000_000, 4, 8, 6e12),
        new RoundCost(2, averagingSeconds));
  }

  @Test
  void aRunTakesItsIterationsAndTheAveragingOfItsRounds() {
    ClusterEstimate.Row four = estimate(1.46).row(4);
    assertThat(four.iterations()).isEqualTo(250);
    assertThat(four.rounds()).isEqualTo(13);
    assertThat(four.hours() * 3600).isCloseTo(500 + 13 * 1.46, within(1e-9));
    assertThat(four.averaging()).isCloseTo(13 * 1.46 / (500 + 13 * 1.46), within(1e-12));
    assertThat(four.workerHours()).isEqualTo(4 * four.hours());
    assertThat(four.bytes()).isEqualTo(13 * 3.2e9);

    ClusterEstimate.Row one = estimate(1.46).row(1);
    assertThat(one.hours() * 3600).isCloseTo(2000 + 50 * 1.46, within(1e-9));
  }

  @Test
  void moreWorkersThanPartsMakeRoundsLongerByWhatAMachineMoves() {
    // 64 workers send what 8 parts take: a machine receives 8 states, one comes and one goes.
    assertThat(estimate(1.46).row(64).hours() * 3600)
        .isCloseTo(16 * 2 + 0.5 + 0.96 * (2 + 8) / 3, within(1e-9));
    // What is less than scheduling takes does not grow.
    assertThat(estimate(0.3).row(64).hours() * 3600).isCloseTo(16 * 2 + 0.3, within(1e-9));
  }

  @Test
  void whatWorkersSendInHalfMakesRoundsShorter() {
    RoundEstimate round = RoundEstimate.of(CONFIG.with(exchangingHalf()), TinyRun.CLASSES);
    assertThat(round.sentBytes()).isEqualTo(round.stateBytes() / 2);
    assertThat(round.networkBytes()).isEqualTo(5 * round.stateBytes() + 3 * round.sentBytes());
  }

  private static Cluster exchangingHalf() {
    return TinyRun.config("cluster.workers=4", "cluster.exchange=bfloat16").cluster();
  }

  @Test
  void anIntervalIsProposedWithWhichAveragingTakesAtMostATwentieth() {
    List<String> lines = estimate(1.46).describe(OptionalDouble.of(0.5));
    // 19 × 1.46 s are 13.9 iterations of 2 s.
    assertThat(lines.get(0)).contains("1.46 s a round, 2.00 s an iteration").contains(" of 14 or");
    assertThat(lines).hasSize(10);
    assertThat(lines.get(4).strip().split(" +"))
        .containsExactly("4", "250", "13", "0.14", "3.99", "3.7%", "0.6", "0.042", "0.29");
    assertThat(lines.get(9)).contains("up to 64 workers, averaging takes less than half");
    assertThat(estimate(30).describe(OptionalDouble.empty()).get(9))
        .contains("from 16 workers on, averaging takes more than half of the time");
  }

  @Test
  void timesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new RoundCost(0, 1)).hasMessageContaining("found 0.0 and 1.0");
    assertThatThrownBy(() -> new RoundCost(1, Double.NaN)).hasMessageContaining("NaN");
  }
}
