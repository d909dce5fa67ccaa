package org.adaptseg.spark;

import static org.adaptseg.spark.round.RoundRunnerTest.await;
import static org.adaptseg.spark.round.RoundRunnerTest.bits;
import static org.adaptseg.spark.round.RoundRunnerTest.stateBroadcasts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.checkpoint.CheckpointException;
import org.adaptseg.checkpoint.CheckpointStore;
import org.adaptseg.checkpoint.RunIdentity;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.RunConfig.PhasePlan;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.report.MetricsFile;
import org.adaptseg.spark.TrainingRun.Start;
import org.adaptseg.spark.round.RoundRunner;
import org.adaptseg.spark.round.RoundRunnerTest;
import org.adaptseg.spark.round.SignOfTheFirstWeight;
import org.adaptseg.spark.round.Slicing;
import org.adaptseg.testing.LinearLearner;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.schedule.LearningRates;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Schedule;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {
  private static final LinearLearner.Factory FACTORY = new LinearLearner.Factory(3, 3001);
  private static final Schedule SCHEDULE =
      new Schedule(
          List.of(new PhasePlan(Phase.SOURCE_ONLY, 5), new PhasePlan(Phase.ADVERSARIAL, 7)),
          2,
          4,
          6);
  private static LocalSpark spark;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start("local[2]");
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @Test
  void tellsItsListenersOfEveryStepInOrder() throws IOException {
    Events events = new Events();
    Checkpoint end = run(directory, SCHEDULE, FACTORY, Start.NEW, events);
    assertThat(events.lines)
        .containsExactly(
            "start 0 of 12",
            "round 0 source-only: 0 1",
            "round 1 source-only: 2 3",
            "evaluation 4",
            "round 2 source-only: 4",
            "round 3 adversarial: 5",
            "saving 6",
            "checkpoint iteration-0000006",
            "round 4 adversarial: 6 7",
            "evaluation 8",
            "round 5 adversarial: 8 9",
            "round 6 adversarial: 10 11",
            "saving 12",
            "checkpoint iteration-0000012",
            "evaluation 12",
            "end 12");
    assertThat(end.iteration()).isEqualTo(12);
    assertThat(end.discriminatorSteps()).isEqualTo(7);
    assertThat(bits(end.state())).isNotEqualTo(bits(FACTORY.initialState()));
  }

  @Test
  void theSameSeedTwiceGivesTheSameFiles() throws IOException {
    run(directory.resolve("a"), SCHEDULE, FACTORY, Start.NEW);
    run(directory.resolve("b"), SCHEDULE, FACTORY, Start.NEW);
    assertThat(files(directory.resolve("a"))).hasSize(8);
    assertThat(files(directory.resolve("b"))).isEqualTo(files(directory.resolve("a")));
    run(directory.resolve("c"), SCHEDULE, new LinearLearner.Factory(4, 3001), Start.NEW);
    assertThat(files(directory.resolve("c"))).isNotEqualTo(files(directory.resolve("a")));
  }

  @Test
  void resumingAtHalfGivesTheSameFilesAsRunningThrough() throws IOException {
    run(directory.resolve("through"), SCHEDULE, FACTORY, Start.NEW);
    TrainingListener interruption =
        new TrainingListener() {
          @Override
          public void onRound(
              RoundPlan plan, List<RoundReport.Iteration> losses, RoundTimings timings) {
            if (plan.firstIteration() == 8) {
              throw new IllegalStateException("power cut");
            }
          }
        };
    Path resumed = directory.resolve("resumed");
    assertThatThrownBy(() -> run(resumed, SCHEDULE, FACTORY, Start.NEW, interruption))
        .hasMessage("power cut");
    assertThat(files(resumed)).hasSize(4);
    Events events = new Events();
    run(resumed, SCHEDULE, FACTORY, Start.RESUME, events);
    assertThat(events.lines).startsWith("start 6 of 12", "round 4 adversarial: 6 7");
    assertThat(files(resumed)).isEqualTo(files(directory.resolve("through")));
  }

  @Test
  void resumingAFinishedRunOnlyEvaluatesItsEnd() throws IOException {
    run(directory, SCHEDULE, FACTORY, Start.NEW);
    Events events = new Events();
    run(directory, SCHEDULE, FACTORY, Start.RESUME, events);
    assertThat(events.lines).containsExactly("start 12 of 12", "evaluation 12", "end 12");
  }

  @Test
  void aNewRunDoesNotBeginOnAnotherRunsCheckpoints() throws IOException {
    run(directory, SCHEDULE, FACTORY, Start.NEW);
    assertThatThrownBy(() -> run(directory, SCHEDULE, FACTORY, Start.NEW))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("Cannot begin a new run: expected no checkpoints, found 2");
  }

  @Test
  void refusesToResumeWithAScheduleThatTheCheckpointDoesNotFit() throws IOException {
    run(directory, SCHEDULE, FACTORY, Start.NEW);
    Schedule other = new Schedule(List.of(new PhasePlan(Phase.ADVERSARIAL, 20)), 2, 4, 6);
    assertThatThrownBy(() -> run(directory, other, FACTORY, Start.RESUME))
        .hasMessageStartingWith(
            "Cannot resume: expected the schedule that the checkpoint was made with, found another"
                + " (schedule.phases): of its first 12 iterations 12 update the discriminators, of"
                + " the checkpoint's 7 (file:");
  }

  @Test
  void everyListenerHearsOfAFailure() {
    Events before = new Events();
    Events after = new Events();
    TrainingListener failing =
        new TrainingListener() {
          @Override
          public void onRound(
              RoundPlan plan, List<RoundReport.Iteration> losses, RoundTimings timings) {
            throw new IllegalStateException("power cut");
          }

          @Override
          public void onFailure(Throwable failure) {
            throw new IllegalStateException("again");
          }
        };
    assertThatThrownBy(() -> run(directory, SCHEDULE, FACTORY, Start.NEW, before, failing, after))
        .hasMessage("power cut")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(before.lines)
        .containsExactly("start 0 of 12", "round 0 source-only: 0 1", "failure: power cut");
    assertThat(after.lines).containsExactly("start 0 of 12", "failure: power cut");
  }

  @Test
  void interruptedAnywhereTheMetricsHaveEveryIterationOnce() throws IOException {
    for (long at : new long[] {0, 5, 6, 8, 10}) {
      Path resumed = directory.resolve("from-" + at);
      TrainingListener interruption =
          new TrainingListener() {
            @Override
            public void onRound(
                RoundPlan plan, List<RoundReport.Iteration> losses, RoundTimings timings) {
              if (plan.firstIteration() == at) {
                throw new IllegalStateException("power cut");
              }
            }
          };
      assertThatThrownBy(
              () -> run(resumed, SCHEDULE, FACTORY, Start.NEW, metrics(resumed), interruption))
          .hasMessage("power cut");
      run(resumed, SCHEDULE, FACTORY, Start.RESUME, metrics(resumed));
      List<String> lines = new ArrayList<>();
      for (String line : Files.readAllLines(resumed.resolve("metrics.jsonl"))) {
        var node = new com.fasterxml.jackson.databind.ObjectMapper().readTree(line);
        lines.add(node.path("kind").asText() + " " + node.path("iteration"));
      }
      assertThat(lines)
          .as("interrupted at %d", at)
          .containsExactly(
              "iteration 0",
              "iteration 1",
              "round 0",
              "iteration 2",
              "iteration 3",
              "round 2",
              "evaluation 4",
              "iteration 4",
              "round 4",
              "iteration 5",
              "round 5",
              "iteration 6",
              "iteration 7",
              "round 6",
              "evaluation 8",
              "iteration 8",
              "iteration 9",
              "round 8",
              "iteration 10",
              "iteration 11",
              "round 10",
              "evaluation 12");
    }
  }

  private static MetricsFile metrics(Path directory) throws IOException {
    RunConfig config =
        ConfigLoader.load(Files.readString(Path.of("conf/demo.yaml")), "demo", List.of());
    return new MetricsFile(
        new org.apache.hadoop.fs.Path(directory.toUri()),
        new Configuration(),
        LearningRates.of(config),
        List.of("off", "on"));
  }

  @Test
  void aLossThatIsNoNumberStopsTheRunWithTheStateFromBeforeItSaved() {
    assertThatThrownBy(() -> run(directory, SCHEDULE, new Diverging(FACTORY), Start.NEW))
        .hasMessageStartingWith("Cannot continue training: expected finite losses, found")
        .hasMessageContaining("(segmentation, main, iteration 5)");
    // What was whole before the round is kept, though no checkpoint was due.
    assertThat(directory.toFile().list()).containsExactly("iteration-0000005");
  }

  @Test
  void twentyRoundsAreTwentyJobsAndLeaveNoBroadcast() throws IOException {
    RoundRunnerTest.TaskEnds ends = new RoundRunnerTest.TaskEnds();
    spark.context().sc().addSparkListener(ends);
    Schedule schedule = new Schedule(List.of(new PhasePlan(Phase.ADVERSARIAL, 40)), 2, 20, 0);
    run(directory, schedule, FACTORY, Start.NEW);
    await(() -> ends.jobs.size() == 22 && stateBroadcasts() == 0);
    spark.context().sc().removeSparkListener(ends);
    assertThat(ends.jobs)
        .hasSize(22)
        .contains("round 1/20: adversarial, iterations 0–1")
        .contains("round 20/20: adversarial, iterations 38–39")
        .contains("evaluation after iteration 20", "evaluation after iteration 40");
    assertThat(ends.stageNames)
        .hasSize(22)
        .containsOnly("learn: 3 workers, 2 iterations each", "evaluate: 4 images");
    assertThat(stateBroadcasts()).isZero();
  }

  private static Checkpoint run(
      Path directory,
      Schedule schedule,
      LearnerFactory factory,
      Start start,
      TrainingListener... listeners)
      throws IOException {
    RunIdentity identity =
        new RunIdentity("linear 3001", 3, "c0ffee", List.of(), Map.of(), Map.of("spark", "3.5"));
    CheckpointStore store =
        new CheckpointStore(
            new org.apache.hadoop.fs.Path(directory.toUri()), new Configuration(), identity, 3);
    DistributedEvaluation evaluation =
        new DistributedEvaluation(spark.context(), new SignOfTheFirstWeight(), 2);
    try (RoundRunner rounds = new RoundRunner(spark.context(), factory, 3, Slicing.exactly(4))) {
      return new TrainingRun(
              schedule, factory, rounds, store, Optional.of(evaluation), List.of(listeners))
          .run(start);
    }
  }

  /** All files but the local file system's checksums, by name. */
  private static Map<String, String> files(Path directory) {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.toString().endsWith(".crc")) {
          byte[] bytes = Files.readAllBytes(file);
          contents.put(
              directory.relativize(file).toString(), java.util.HexFormat.of().formatHex(bytes));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return contents;
  }

  /** Writes down what it is told. */
  private static final class Events implements TrainingListener {
    final List<String> lines = new ArrayList<>();

    @Override
    public void onStart(long iteration, long totalIterations, List<String> notes) {
      lines.add("start %d of %d".formatted(iteration, totalIterations));
    }

    @Override
    public void onRound(RoundPlan plan, List<RoundReport.Iteration> losses, RoundTimings timings) {
      assertThat(timings.round()).isPositive();
      assertThat(timings.step()).isEqualTo(0.25);
      assertThat(timings.workers()).isEqualTo(3);
      // Three states of twice 3001 weights and three further values, 4 bytes each.
      assertThat(timings.bytesAveraged()).isEqualTo(3 * 4 * (2 * 3001 + 3));
      assertThat(timings.samplesDecoded()).isEqualTo(3L * plan.iterations());
      StringBuilder line = new StringBuilder("round %d ".formatted(plan.round()));
      line.append(plan.phase() == Phase.ADVERSARIAL ? "adversarial:" : "source-only:");
      losses.forEach(loss -> line.append(' ').append(loss.iteration()));
      lines.add(line.toString());
    }

    @Override
    public void onEvaluation(long iteration, ConfusionMatrix matrix) {
      assertThat(matrix.total()).isEqualTo(4);
      lines.add("evaluation " + iteration);
    }

    @Override
    public void beforeCheckpoint(long iteration) {
      lines.add("saving " + iteration);
    }

    @Override
    public void onFailure(Throwable failure) {
      lines.add("failure: " + failure.getMessage());
    }

    @Override
    public void onCheckpoint(long iteration, String location) {
      lines.add("checkpoint " + location.substring(location.lastIndexOf('/') + 1));
    }

    @Override
    public void onEnd(long iteration) {
      lines.add("end " + iteration);
    }
  }

  /** Its weights leave the range of float32 once adversarial training begins. */
  private record Diverging(LinearLearner.Factory factory) implements LearnerFactory {
    @Override
    public RoundRunnerTest.Wrapped create() {
      return new RoundRunnerTest.Wrapped(factory.create()) {
        @Override
        public void load(LearnerState state) {
          super.load(state);
          inner = state;
        }

        private LearnerState inner;

        @Override
        public RoundReport run(RoundPlan plan, org.adaptseg.train.schedule.Shard shard) {
          if (plan.phase() == Phase.ADVERSARIAL) {
            float[] huge = inner.vectors().get(0).values().clone();
            java.util.Arrays.fill(huge, Float.MAX_VALUE);
            List<LearnerState.Vector> vectors = new ArrayList<>(inner.vectors());
            vectors.set(0, new LearnerState.Vector("generator.parameters", huge));
            super.load(new LearnerState(vectors));
          }
          return super.run(plan, shard);
        }
      };
    }

    @Override
    public LearnerState initialState() {
      return factory.initialState();
    }

    @Override
    public String cacheKey() {
      return "diverging " + factory.cacheKey();
    }
  }
}
