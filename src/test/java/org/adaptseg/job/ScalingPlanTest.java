package org.adaptseg.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.adaptseg.config.Cluster;
import org.adaptseg.config.RunConfig;
import org.adaptseg.report.ScalingTables.Cell;
import org.adaptseg.train.schedule.RunOutline;
import org.adaptseg.train.schedule.Schedule;
import org.junit.jupiter.api.Test;

class ScalingPlanTest {
  private static final ScalingPlan PLAN =
      new ScalingPlan(
          Configurations.demo(List.of()), 2000, List.of(1L, 2L), List.of(2, 16), List.of(20, 100));

  @Test
  void comparesRulesAtTheFirstIntervalAndLeavesOutRunsOfFewRounds() {
    assertThat(PLAN.cells())
        .extracting(Cell::name)
        .containsExactly(
            "n1",
            "n2-k20-linear-warmup",
            "n2-k20-linear",
            "n2-k20-square-root-warmup",
            "n2-k20-none",
            "n2-k20-nesterov",
            "n2-k20-bmuf",
            "n2-k100-linear-warmup",
            "n16-k20-linear-warmup",
            "n16-k20-linear",
            "n16-k20-square-root-warmup",
            "n16-k20-none",
            "n16-k20-nesterov",
            "n16-k20-bmuf");
    assertThat(PLAN.runs()).hasSize(28);
    assertThat(PLAN.runs().get(15).directory()).isEqualTo("n2-k20-linear-warmup-seed2");
  }

  @Test
  void everyRunSeesTheSameImagesAndIsEvaluatedAfterWholeRounds() {
    for (Cell cell : PLAN.cells()) {
      RunConfig config = Configurations.demo(PLAN.run(cell, 1).overrides());
      Schedule schedule = Schedule.of(config);

      assertThat(schedule.totalIterations()).as(cell.name()).isEqualTo(cell.iterations());
      assertThat(RunOutline.of(config, 1, 1).workerIterations()).isBetween(2000L, 2015L);
      assertThat(schedule.evaluationInterval() % cell.interval()).as(cell.name()).isZero();
      assertThat(schedule.checkpointInterval() % schedule.evaluationInterval()).isZero();
    }
  }

  @Test
  void blockwiseFilteringHasTheMomentumOfItsWorkers() {
    Cell bmuf =
        PLAN.cells().stream().filter(c -> c.name().equals("n16-k20-bmuf")).findFirst().get();

    assertThat(Configurations.demo(PLAN.run(bmuf, 1).overrides()).cluster().outer())
        .isEqualTo(new Cluster.Outer(Cluster.OuterNetworks.GENERATOR, 0.9375, 1, false));
  }

  @Test
  void refusesAGridWithoutRuns() {
    assertThatThrownBy(() -> new ScalingPlan(PLAN.base(), 10, List.of(1L), List.of(1), List.of(20)))
        .hasMessageContaining("workers of at least 2");
  }
}
