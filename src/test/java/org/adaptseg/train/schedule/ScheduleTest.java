package org.adaptseg.train.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.adaptseg.config.Cluster;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig.PhasePlan;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Schedule SCHEDULE =
      new Schedule(
          List.of(new PhasePlan(Phase.SOURCE_ONLY, 25), new PhasePlan(Phase.ADVERSARIAL, 30)),
          10,
          20,
          50);

  @Test
  void roundsEndAtPhaseEvaluationAndCheckpointBorders() {
    assertThat(list(SCHEDULE.from(0)))
        .containsExactly(
            new RoundPlan(0, Phase.SOURCE_ONLY, 0, 10, 0),
            new RoundPlan(1, Phase.SOURCE_ONLY, 10, 10, 0),
            new RoundPlan(2, Phase.SOURCE_ONLY, 20, 5, 0),
            new RoundPlan(3, Phase.ADVERSARIAL, 25, 10, 0),
            new RoundPlan(4, Phase.ADVERSARIAL, 35, 5, 10),
            new RoundPlan(5, Phase.ADVERSARIAL, 40, 10, 15),
            new RoundPlan(6, Phase.ADVERSARIAL, 50, 5, 25));
    assertThat(SCHEDULE.rounds()).isEqualTo(7);
    assertThat(SCHEDULE.totalIterations()).isEqualTo(55);
  }

  @Test
  void resumingMakesTheRestOfTheSameRounds() {
    List<RoundPlan> all = list(SCHEDULE.from(0));
    for (int i = 0; i < all.size(); i++) {
      assertThat(list(SCHEDULE.from(all.get(i).firstIteration())))
          .isEqualTo(all.subList(i, all.size()));
      assertThat(SCHEDULE.discriminatorStepsAt(all.get(i).firstIteration()))
          .isEqualTo(all.get(i).discriminatorSteps());
    }
    assertThat(SCHEDULE.from(55)).isExhausted();
    assertThat(SCHEDULE.discriminatorStepsAt(55)).isEqualTo(30);
  }

  @Test
  void refusesToResumeInsideARound() {
    assertThatThrownBy(() -> SCHEDULE.from(12))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected an iteration where a round ends, found 12 of 55");
    assertThatThrownBy(() -> SCHEDULE.from(56)).hasMessageContaining("found 56 of 55");
  }

  @Test
  void evaluatesAndSavesAtMultiplesAndAtTheEndButNotBeforeTheFirstIteration() {
    assertThat(SCHEDULE.evaluatesAt(0)).isFalse();
    assertThat(SCHEDULE.evaluatesAt(20)).isTrue();
    assertThat(SCHEDULE.evaluatesAt(50)).isFalse();
    assertThat(SCHEDULE.savesAt(50)).isTrue();
    assertThat(SCHEDULE.evaluatesAt(55)).isTrue();
    assertThat(SCHEDULE.savesAt(55)).isTrue();
  }

  @Test
  void intervalZeroMeansOnlyAtTheEnd() {
    Schedule schedule = new Schedule(List.of(new PhasePlan(Phase.ADVERSARIAL, 7)), 4, 0, 0);
    assertThat(list(schedule.from(0)))
        .containsExactly(
            new RoundPlan(0, Phase.ADVERSARIAL, 0, 4, 0),
            new RoundPlan(1, Phase.ADVERSARIAL, 4, 3, 4));
    assertThat(schedule.evaluatesAt(4)).isFalse();
    assertThat(schedule.evaluatesAt(7)).isTrue();
  }

  @Test
  void anIntervalAppliesUpToItsShareOfTheRun() {
    Schedule schedule =
        new Schedule(
            List.of(new PhasePlan(Phase.ADVERSARIAL, 20)),
            AveragingIntervals.of(
                List.of(new Cluster.Averaging(2, 0.25), new Cluster.Averaging(6, 1)), 20),
            0,
            0);
    assertThat(list(schedule.from(0)))
        .extracting(RoundPlan::firstIteration)
        .containsExactly(0L, 2L, 4L, 5L, 11L, 17L);
    assertThat(list(schedule.from(11))).isEqualTo(list(schedule.from(0)).subList(4, 6));
  }

  @Test
  void takesItsValuesFromTheConfiguration() {
    String yaml =
        """
        run: {name: x}
        schedule: {phases: [{phase: source-only, iterations: 25}]}
        output: {dir: runs/x, checkpoint-interval: 50}
        data:
          classes: synthetic-8
          source: {dataset: synthetic-source, split: train, width: 128, height: 64}
          target: {dataset: synthetic-target, split: train, width: 128, height: 64}
          evaluation: {dataset: synthetic-target, split: val, width: 128, height: 64}
        cluster: {averaging-interval: 10}
        evaluation: {interval: 20}
        """;
    assertThat(Schedule.of(ConfigLoader.load(yaml, "test", List.of())))
        .isEqualTo(new Schedule(List.of(new PhasePlan(Phase.SOURCE_ONLY, 25)), 10, 20, 50));
  }

  @Test
  void reportsAllProblemsAtOnce() {
    assertThatThrownBy(() -> new Schedule(List.of(), 0, -1, 0))
        .hasMessageContaining("at least one phase")
        .hasMessageContaining("averaging interval")
        .hasMessageContaining("-1 (evaluation)");
  }

  private static List<RoundPlan> list(Iterator<RoundPlan> plans) {
    List<RoundPlan> list = new ArrayList<>();
    plans.forEachRemaining(list::add);
    return list;
  }
}
