package org.adaptseg.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.adaptseg.checkpoint.CheckpointStore;
import org.adaptseg.checkpoint.RunIdentity;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig.PhasePlan;
import org.adaptseg.spark.TrainingRun.Start;
import org.adaptseg.spark.TrainingRun.Stopped;
import org.adaptseg.spark.round.RoundRunner;
import org.adaptseg.spark.round.Slicing;
import org.adaptseg.testing.LinearLearner;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Schedule;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoppedRunTest {
  private static final LinearLearner.Factory FACTORY = new LinearLearner.Factory(3, 3001);

  /** Rounds of two iterations; nothing is saved before the end. */
  private static final Schedule SCHEDULE =
      new Schedule(List.of(new PhasePlan(Phase.SOURCE_ONLY, 12)), 2, 0, 0);

  @TempDir Path directory;

  private CheckpointStore store() throws IOException {
    return new CheckpointStore(
        new org.apache.hadoop.fs.Path(directory.toUri()),
        new Configuration(),
        new RunIdentity("linear 3001", 3, "c0ffee", List.of(), Map.of(), Map.of("spark", "3.5")),
        3);
  }

  /** Asks another thread to stop the run when the round from 6 to 8 has ended, and waits for it. */
  private static final class Stopping implements TrainingListener {
    private final CompletableFuture<Stopped> stopped = new CompletableFuture<>();
    private TrainingRun run;

    @Override
    public void onRound(RoundPlan plan, List<RoundReport.Iteration> losses, RoundTimings timings) {
      if (plan.endIteration() == 8) {
        Thread thread = new Thread(this::stop);
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
          Thread.onSpinWait();
        }
      }
    }

    private void stop() {
      try {
        stopped.complete(run.stop(Duration.ofMinutes(1)));
      } catch (IOException | RuntimeException e) {
        stopped.completeExceptionally(e);
      }
    }
  }

  @Test
  void theStateOfTheLastFinishedRoundIsSavedAndTheRunWritesNothingMore() throws Exception {
    // Not closed: as when a process ends, the run stands still with its round under way.
    LocalSpark spark = LocalSpark.start("local[2]");
    Stopping stopping = new Stopping();
    RoundRunner rounds = new RoundRunner(spark.context(), FACTORY, 2, Slicing.exactly(2));
    stopping.run =
        new TrainingRun(SCHEDULE, FACTORY, rounds, store(), Optional.empty(), List.of(stopping));
    Thread training = new Thread(() -> train(stopping.run));
    training.setDaemon(true);
    training.start();

    assertThat(stopping.stopped.get(2, TimeUnit.MINUTES)).isEqualTo(Stopped.SAVED);
    training.join(2000);

    assertThat(training.isAlive()).isTrue();
    assertThat(store().newest().checkpoint().orElseThrow().iteration()).isEqualTo(8);
    assertThat(directory.toFile().list()).containsExactly("iteration-0000008");
    spark.close();
  }

  @Test
  void beforeTheFirstRoundThereIsNothingToSave() throws IOException {
    TrainingRun run =
        new TrainingRun(SCHEDULE, FACTORY, null, store(), Optional.empty(), List.of());
    assertThat(run.stop(Duration.ZERO)).isEqualTo(Stopped.NOTHING_TO_SAVE);
  }

  private static void train(TrainingRun run) {
    try {
      run.run(Start.NEW);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
