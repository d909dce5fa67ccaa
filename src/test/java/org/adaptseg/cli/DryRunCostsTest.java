package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("command")
class DryRunCostsTest {
  @TempDir Path directory;

  private Ended dryRun(String... more) {
    return SmallTraining.run(
        Map.of("spark.master", "local[2]"), SmallTraining.train(directory, more));
  }

  @Test
  void aDryRunSaysWhatAveragingCostsAndWithTimesWhatTheRunCosts() {
    assertThat(dryRun("--dry-run").out())
        .contains("# averaging: computed: 0.502 s a round at 10 Gbit/s")
        .contains("--step-seconds or --measure make an interval of it");
    assertThat(dryRun("--dry-run", "--step-seconds=2", "--price=0.5").out())
        .contains("cluster.averaging-interval of 5 or more; a proposal")
        .contains("worker-hours  sent in TB        cost")
        .contains("# driver: in a round it sends a state of");
  }

  @Test
  void measuringTimesRoundsAndKeepsNothingOfThem() {
    Ended ended = dryRun("--dry-run", "--measure");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).containsPattern("averaging: [0-9.e-]+ s a round, [0-9.e-]+ s an iter");
    assertThat(directory.resolve("run")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--measure",
        "--dry-run --price=1",
        "--dry-run --round-seconds=1",
        "--dry-run --measure --step-seconds=1",
        "--dry-run --step-seconds=0"
      })
  void optionsWithoutEffectAreRefused(String options) {
    Ended ended = dryRun(List.of(options.split(" ")).toArray(String[]::new));
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).containsPattern("need --|expected --measure or|above 0");
  }

  @Test
  void anEngineThatThisMachineHasNotIsNoFailureWhereItComputesNothing() {
    List<String> train =
        SmallTraining.train(directory, "--dry-run", "--set", "cluster.engine=cuda");
    Ended here = SmallTraining.run(Map.of("spark.master", "local[2]"), train);
    assertThat(here.code()).isNotZero();
    assertThat(here.err()).contains("cluster.engine: cuda");

    Ended elsewhere = SmallTraining.run(Map.of("spark.master", "spark://driver:7077"), train);
    assertThat(elsewhere.code()).as(elsewhere.err()).isZero();
    assertThat(elsewhere.out())
        .contains("# Nothing was tried")
        .contains("cluster.engine: cuda")
        .contains("# Nothing was trained.");
  }
}
