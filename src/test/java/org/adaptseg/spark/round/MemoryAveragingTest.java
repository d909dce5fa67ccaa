package org.adaptseg.spark.round;

import static org.adaptseg.spark.round.RoundRunnerTest.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.adaptseg.config.Phase;
import org.adaptseg.spark.round.RoundRunnerTest.FailingOnce;
import org.adaptseg.spark.round.RoundRunnerTest.TaskEnds;
import org.adaptseg.spark.round.RoundRunnerTest.Way;
import org.adaptseg.testing.LinearLearner;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.train.schedule.RoundPlan;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.storage.BlockUpdatedInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryAveragingTest {
  private static final LinearLearner.Factory LARGE = new LinearLearner.Factory(7, 500_000);
  private static final RoundPlan ONE = new RoundPlan(0, Phase.SOURCE_ONLY, 0, 1, 0);

  @AfterEach
  void noLearnersStay() {
    LearnerPool.closeIdle();
  }

  @Test
  void aRoundOfALocalMasterIsOneNamedJobOfOneStageWhoseResultsAreSmall() {
    try (LocalSpark spark = LocalSpark.start("local[2]")) {
      TaskEnds ends = new TaskEnds();
      spark.context().sc().addSparkListener(ends);
      try (RoundRunner runner = new RoundRunner(spark.context(), LARGE, 3, Slicing.exactly(8))) {
        RoundResult result = runner.run(LARGE.initialState(), ONE, "round 1/1: source-only");
        assertThat(result.reports()).hasSize(3);
        assertThat(result.averagedLosses()).hasSize(1);
      }
      await(() -> ends.resultSizes.size() == 3);
      assertThat(ends.jobs).containsExactly("round 1/1: source-only");
      assertThat(ends.stages).containsExactly(3);
      assertThat(ends.stageNames).containsExactly("learn: 3 workers, 1 iterations each");
      assertThat(ends.resultSizes).hasSize(3).allMatch(size -> size < 20_000);
    }
  }

  @Test
  void noStateGoesThroughSparksBlocks() {
    long state = 1_000_003L * Float.BYTES;
    assertThat(blocksOfARound(Way.SHUFFLE)).isGreaterThan(state);
    assertThat(blocksOfARound(Way.MEMORY)).isLessThan(state / 10);
  }

  /** Bytes that a round stores in Spark's blocks. */
  private static long blocksOfARound(Way way) {
    AtomicLong stored = new AtomicLong();
    try (LocalSpark spark = LocalSpark.start("local[2]")) {
      spark
          .context()
          .sc()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onBlockUpdated(SparkListenerBlockUpdated update) {
                  BlockUpdatedInfo block = update.blockUpdatedInfo();
                  stored.addAndGet(block.memSize() + block.diskSize());
                }
              });
      try (RoundRunner runner = way.runner(spark, LARGE, 3, 8)) {
        runner.run(LARGE.initialState(), ONE, "round");
      }
    } // stopping hands every event to the listener
    return stored.get();
  }

  @Test
  void noRoundStaysBehindWhetherItEndsOrFails() {
    try (LocalSpark spark = LocalSpark.start("local[2]")) {
      RoundRunnerTest.twoRounds(Way.MEMORY, spark, RoundRunnerTest.FACTORY, 2, 3);
      assertThat(MemoryAveraging.underWay()).isZero();
      FailingOnce failing = new FailingOnce(RoundRunnerTest.FACTORY);
      assertThatThrownBy(() -> RoundRunnerTest.twoRounds(Way.MEMORY, spark, failing, 2, 3))
          .rootCause()
          .hasMessageContaining("the disk is on fire");
      assertThat(MemoryAveraging.underWay()).isZero();
    }
  }
}
