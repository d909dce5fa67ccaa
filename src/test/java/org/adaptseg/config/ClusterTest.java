package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterTest {
  static final String EVERY_KEY_YAML =
      "{workers: 22, threads-per-worker: 23, engine: nd4j, precision: auto,"
          + " loss-scale: 2048, instruction-set: avx512-bf16,"
          + " averaging-interval: [{iterations: 6, until: 0.25}, 24], slices: 25,"
          + " exchange: bfloat16, scaling: work, rate-scaling: square-root,"
          + " warmup: 0.5,"
          + " outer: {networks: both, momentum: 0.25, learning-rate: 2, nesterov: false}}";

  static final Cluster EVERY_KEY =
      new Cluster(
          22,
          23,
          Arithmetic.Engine.ND4J,
          Precision.AUTO,
          2048,
          InstructionSet.AVX512_BF16,
          List.of(new Cluster.Averaging(6, 0.25), new Cluster.Averaging(24, 1)),
          25,
          Cluster.Exchange.BFLOAT16,
          Cluster.Scaling.WORK,
          Cluster.RateScaling.SQUARE_ROOT,
          0.5,
          new Cluster.Outer(Cluster.OuterNetworks.BOTH, 0.25, 2, false));

  @Test
  void theDefaultsAreOneWorkerThatComputesInFloat32() {
    assertThat(TinyRun.config("cluster={}").cluster())
        .isEqualTo(
            new Cluster(
                1,
                2,
                Arithmetic.Engine.AUTO,
                Precision.FLOAT32,
                65_536,
                InstructionSet.NATIVE,
                Cluster.Averaging.every(20),
                8,
                Cluster.Exchange.FLOAT32,
                Cluster.Scaling.TIME,
                Cluster.RateScaling.LINEAR,
                0.05,
                Cluster.Outer.NONE));
  }

  @Test
  void everyKeyReachesItsComponent() {
    assertThat(TinyRun.config("cluster=" + EVERY_KEY_YAML).cluster()).isEqualTo(EVERY_KEY);
  }

  @Test
  void anAveragingIntervalIsANumberOrAListAndIsWrittenAsShortAsItCanBe() {
    assertThat(interval("averaging-interval: 7")).isEqualTo("averaging-interval: 7");
    assertThat(interval("averaging-interval: [7]")).isEqualTo("averaging-interval: 7");
    assertThat(interval("averaging-interval: {iterations: 7}")).isEqualTo("averaging-interval: 7");
    assertThat(interval("averaging-interval: [{until: 0.3, iterations: 5}, {iterations: 50}]"))
        .isEqualTo("averaging-interval:\n  - iterations: 5\n    until: 0.3\n  - 50");
  }

  /** As a configuration has it that was read and written, and read again. */
  private static String interval(String yaml) {
    RunConfig config = TinyRun.config("cluster={" + yaml + "}");
    String written = ConfigLoader.toYaml(config);
    assertThat(ConfigLoader.load(written, "written", List.of())).isEqualTo(config);
    int at = written.indexOf("averaging-interval");
    return written.substring(at, written.indexOf("\n  slices", at));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | averaging-interval: expected at least 1, found 0",
        "x | averaging-interval: expected an integer, found 'x'",
        "[] | averaging-interval: expected intervals with an until above that of the one before,"
            + " the last one without, found []",
        "[5, 50] | averaging-interval: expected intervals with an until above",
        "[{iterations: 5, until: 0.3}] | averaging-interval: expected intervals with an until",
        "[{iterations: 5, until: 1.5}, 50] | averaging-interval[0].until: expected a number above 0"
            + " to 1, found 1.5",
        "[{iterations: 5, until: 0.3}, 0] | averaging-interval[1]: expected at least 1, found 0",
        "[{iteration: 5}] | averaging-interval[0].iteration: expected one of the keys iterations,"
            + " until",
      })
  void otherIntervalsAreRefusedByName(String value, String problem) {
    assertThatThrownBy(() -> TinyRun.config("cluster.averaging-interval=" + value))
        .hasMessageContaining("cluster." + problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1024", "1000", "33554432"})
  void aScaleOfLossesIsAPowerOfTwo(String value) {
    assertThatThrownBy(() -> TinyRun.config("cluster.loss-scale=" + value))
        .hasMessageContaining(
            "cluster.loss-scale: expected a power of 2 from 1 to 16777216, found " + value);
  }
}
