package org.adaptseg.spark.round;

import static org.adaptseg.spark.round.RoundRunnerTest.FACTORY;
import static org.adaptseg.spark.round.RoundRunnerTest.FIRST;
import static org.adaptseg.spark.round.RoundRunnerTest.SECOND;
import static org.adaptseg.spark.round.RoundRunnerTest.await;
import static org.adaptseg.spark.round.RoundRunnerTest.bits;
import static org.adaptseg.spark.round.RoundRunnerTest.serial;
import static org.adaptseg.spark.round.RoundRunnerTest.stateBroadcasts;
import static org.adaptseg.spark.round.RoundRunnerTest.twoRounds;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.adaptseg.config.Phase;
import org.adaptseg.spark.round.RoundRunnerTest.TaskEnds;
import org.adaptseg.spark.round.RoundRunnerTest.Way;
import org.adaptseg.testing.LinearLearner;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.train.schedule.RoundPlan;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShuffleAveragingTest {
  /** The ways of a record through the shuffle: each writer of Spark's, and over the disk. */
  @Test
  void shufflesThatSpillOrAreWrittenOtherwiseDoNotChangeABit() {
    int[] expected = bits(serial(serial(FACTORY.initialState(), FIRST, 4), SECOND, 4));
    Map<String, String> onePartAFile = Map.of("spark.shuffle.sort.bypassMergeThreshold", "200");
    Map<String, String> sorted = Map.of("spark.shuffle.sort.bypassMergeThreshold", "0");
    Map<String, String> spilled =
        Map.of(
            "spark.shuffle.sort.bypassMergeThreshold",
            "0",
            "spark.shuffle.spill.numElementsForceSpillThreshold",
            "2");
    for (Map<String, String> settings : List.of(onePartAFile, sorted, spilled)) {
      try (LocalSpark spark = LocalSpark.start("local[2]", settings)) {
        Spills spills = new Spills();
        spark.context().sc().addSparkListener(spills);
        assertThat(bits(twoRounds(Way.SHUFFLE, spark, FACTORY, 4, 3)))
            .as("%s", settings)
            .isEqualTo(expected);
        if (settings == spilled) {
          await(() -> spills.written.get() > 0 && spills.read.get() > 0);
          assertThat(spills.written.get()).isPositive();
          assertThat(spills.read.get()).isPositive();
        }
      }
    }
  }

  /** Bytes that tasks spilled: those that write to the shuffle, those that read from it. */
  private static final class Spills extends SparkListener {
    final AtomicLong written = new AtomicLong();
    final AtomicLong read = new AtomicLong();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      boolean reads = end.taskMetrics().shuffleReadMetrics().recordsRead() > 0;
      (reads ? read : written).addAndGet(end.taskMetrics().diskBytesSpilled());
    }
  }

  @Test
  void aRoundIsOneNamedJobOfTwoStagesWhoseResultsAreSlices() {
    try (LocalSpark spark = LocalSpark.start("local[2]")) {
      LinearLearner.Factory large = new LinearLearner.Factory(7, 500_000);
      TaskEnds ends = new TaskEnds();
      spark.context().sc().addSparkListener(ends);
      try (RoundRunner runner = Way.SHUFFLE.runner(spark, large, 3, 8)) {
        RoundPlan one = new RoundPlan(0, Phase.SOURCE_ONLY, 0, 1, 0);
        RoundResult result = runner.run(large.initialState(), one, "round 1/1: source-only");
        assertThat(result.reports()).hasSize(3);
        assertThat(result.averagedLosses()).hasSize(1);
      }
      await(() -> ends.resultSizes.size() == 11);
      assertThat(ends.jobs).containsExactly("round 1/1: source-only");
      assertThat(ends.stages).containsExactly(3, 8);
      assertThat(ends.stageNames)
          .containsExactly(
              "learn: 3 workers, 1 iterations each", "average: 8 slices over 3 workers");
      long sliceBytes = (1_000_003L + 7) / 8 * Float.BYTES;
      assertThat(ends.resultSizes).hasSize(11).allMatch(size -> size < sliceBytes + 20_000);
      assertThat(ends.resultSizes.stream().mapToLong(Long::longValue).sum())
          .isLessThan(1_000_003L * Float.BYTES + 100_000);
    }
  }

  @Test
  void nothingOfARoundStaysBehind(@TempDir Path directory) {
    Map<String, String> settings = Map.of("spark.local.dir", directory.toString());
    try (LocalSpark spark = LocalSpark.start("local[2]", settings)) {
      twoRounds(Way.SHUFFLE, spark, FACTORY, 2, 3);
      await(() -> stateBroadcasts() == 0 && shuffleFiles(directory) == 0);
      assertThat(stateBroadcasts()).isZero();
      assertThat(shuffleFiles(directory)).isZero();
    }
  }

  private static long shuffleFiles(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .map(Path::toFile)
          .map(File::getName)
          .filter(n -> n.startsWith("shuffle_"))
          .count();
    } catch (java.io.IOException | java.io.UncheckedIOException e) {
      return -1; // Deleted while we looked.
    }
  }
}
