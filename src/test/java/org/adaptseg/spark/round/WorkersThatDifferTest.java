package org.adaptseg.spark.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.adaptseg.testing.LinearLearner;
import org.adaptseg.testing.SharedSpark;
import org.adaptseg.train.Learner;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Shard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WorkersThatDifferTest {
  @RegisterExtension static final SharedSpark SPARK = new SharedSpark("local[2]");

  private static final List<String> ALIKE = List.of("float32 with avx2", "float32 with avx2");
  private static final List<String> DIFFERENT =
      List.of("float32 with avx2", "bfloat16 with avx512_core_bf16");

  @AfterEach
  void noLearnersStay() {
    LearnerPool.closeIdle();
  }

  @Test
  void workersThatComputeDifferentlyAreRefusedWithTheSettingThatMendsIt() {
    try (RoundRunner runner = runner(new Machines(DIFFERENT, false))) {
      assertThatThrownBy(() -> round(runner, RoundRunnerTest.FIRST))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("float32 with avx2")
          .hasMessageContaining("bfloat16 with avx512_core_bf16 (worker 1, round 1)")
          .hasMessageContaining("cluster.instruction-set");
    }
  }

  @Test
  void aWorkerThatComputesDifferentlyInALaterRoundIsRefused() {
    Machines first = new Machines(ALIKE, false);
    try (RoundRunner runner = runner(first)) {
      assertThat(round(runner, RoundRunnerTest.FIRST).computation()).isEqualTo("float32 with avx2");
      LearnerPool.closeIdle();
      Machines.override = DIFFERENT;
      assertThatThrownBy(() -> round(runner, RoundRunnerTest.SECOND))
          .hasMessageContaining("(worker 1, round 2)");
    } finally {
      Machines.override = null;
    }
  }

  @Test
  void whereWorkersMayDifferTheResultNamesAllKinds() {
    try (RoundRunner runner = runner(new Machines(DIFFERENT, true))) {
      assertThat(round(runner, RoundRunnerTest.FIRST).computation())
          .isEqualTo("bfloat16 with avx512_core_bf16, float32 with avx2");
    }
  }

  private static RoundRunner runner(LearnerFactory factory) {
    return RoundRunnerTest.Way.MEMORY.runner(SPARK.get(), factory, 2, 1);
  }

  private static RoundResult round(RoundRunner runner, RoundPlan plan) {
    return runner.run(RoundRunnerTest.FACTORY.initialState(), plan, "test");
  }

  /** Learners whose workers say that they compute in and with these. */
  private record Machines(List<String> computations, boolean workersMayDiffer)
      implements LearnerFactory {
    /** Takes the place of all, where machines change during a run. */
    private static volatile List<String> override;

    @Override
    public Learner create() {
      return new Machine(new LinearLearner.Factory(7, 1001).create(), computations);
    }

    @Override
    public LearnerState initialState() {
      return RoundRunnerTest.FACTORY.initialState();
    }

    @Override
    public String cacheKey() {
      return "machines " + computations;
    }
  }

  private record Machine(Learner learner, List<String> computations) implements Learner {
    @Override
    public void load(LearnerState state) {
      learner.load(state);
    }

    @Override
    public LearnerState state() {
      return learner.state();
    }

    @Override
    public RoundReport run(RoundPlan plan, Shard shard) {
      RoundReport report = learner.run(plan, shard);
      List<String> all = Machines.override == null ? computations : Machines.override;
      return new RoundReport(
          report.iterations(), List.of(), false, 0, 0, 0, all.get(shard.worker()));
    }

    @Override
    public void close() {
      learner.close();
    }
  }
}
