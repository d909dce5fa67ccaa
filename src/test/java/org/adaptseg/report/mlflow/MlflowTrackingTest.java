package org.adaptseg.report.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.testing.LossTerms;
import org.adaptseg.testing.TinyRun;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.schedule.LearningRates;
import org.adaptseg.train.schedule.RoundPlan;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The official client against an HTTP endpoint that speaks the tracking API. */
@Timeout(120)
class MlflowTrackingTest {
  private static final List<String> CLASSES = List.of("road", "traffic (light)");

  @TempDir Path directory;
  private TrackingServer server;

  @BeforeEach
  void start() throws IOException {
    server = new TrackingServer();
  }

  @AfterEach
  void stop() {
    server.close();
    assertThat(server.refused).isEmpty();
  }

  @Test
  void theServerGetsParametersMetricsAndWhereTheRunIs() throws IOException {
    TrainingListener tracking = open("tracking.mlflow.experiment=streets at night").orElseThrow();
    tracking.onStart(0, 8, List.of());
    round(tracking, Phase.SOURCE_ONLY, 0, 2);
    round(tracking, Phase.ADVERSARIAL, 2, 2);
    tracking.onCheckpoint(4, "s3a://key:secret@bucket/checkpoints/iteration-0000004");
    tracking.onEvaluation(4, matrix());
    tracking.onEnd(4);

    assertThat(server.experiments).containsOnlyKeys("streets at night");
    assertThat(server.runs).hasSize(1);
    TrackingServer.Run run = server.runs.values().iterator().next();
    assertThat(run.name).isEqualTo("tiny");
    assertThat(run.status).isEqualTo("FINISHED");
    assertThat(run.ended).isTrue();
    assertThat(run.parameters)
        .containsEntry("optimizer.generator.learning-rate", "0.01")
        .containsEntry("schedule.phases.0.phase", "adversarial")
        .containsEntry("model.layers", "[1,1,1,1]")
        .containsEntry("run.seed", "1")
        .hasSizeGreaterThan(30);
    assertThat(run.tags)
        .containsEntry("run-directory", "file:" + directory)
        .containsEntry("spark", "3.5.5")
        .containsEntry("checkpoint", "s3a://bucket/checkpoints/iteration-0000004");
    assertThat(run.metrics)
        .containsEntry("segmentation/main", List.of("0=0.0", "1=1.0", "2=2.0", "3=3.0"))
        .containsEntry("segmentation/aux", List.of("0=0.5", "1=0.5", "2=0.5", "3=0.5"))
        .containsEntry("adversarial/main", List.of("2=0.25", "3=0.25"))
        .containsEntry("discriminator/main", List.of("2=1.5", "3=1.5"))
        .containsEntry(
            "learning_rate/generator",
            List.of("0=0.01", "1=0.00999", "2=0.009980000000000001", "3=0.00997"))
        .containsKeys("learning_rate/heads", "learning_rate/discriminator")
        .containsEntry("round/seconds", List.of("1=1.5", "3=1.5"))
        .containsEntry("miou", List.of("4=0.75"))
        .containsEntry("iou/traffic _light_", List.of("4=0.75"))
        // It was no number.
        .doesNotContainKey("adversarial/aux");
  }

  @Test
  void aTermThatNobodyKnowsIsAMetricByItsName() throws IOException {
    TrainingListener tracking = open().orElseThrow();
    tracking.onStart(0, 8, List.of());
    tracking.onRound(
        new RoundPlan(0, Phase.SOURCE_ONLY, 3, 1, 0),
        List.of(new RoundReport.Iteration(3, new LossTerms().term("consistency", 0.5, 2).losses())),
        new RoundTimings(1.5, 1.25, 0.25, 2, 4096, 7));
    tracking.onEnd(4);
    assertThat(server.runs.values().iterator().next().metrics)
        .containsEntry("consistency/aux", List.of("3=0.5"))
        .containsEntry("consistency/main", List.of("3=2.0"));
  }

  @Test
  void aLongRoundIsSentInPartsThatTheServerTakes() throws IOException {
    TrainingListener tracking = open().orElseThrow();
    tracking.onStart(0, 8, List.of());
    round(tracking, Phase.ADVERSARIAL, 0, 700);
    tracking.onEnd(700);
    TrackingServer.Run run = server.runs.values().iterator().next();
    assertThat(run.metrics.get("segmentation/main")).hasSize(700).endsWith("699=699.0");
  }

  @Test
  void aResumedRunGoesOnAsTheSameRun() throws IOException {
    TrainingListener first = open().orElseThrow();
    first.onStart(0, 8, List.of());
    round(first, Phase.ADVERSARIAL, 0, 2);
    first.onFailure(new IllegalStateException("power cut"));
    assertThat(server.runs.values()).extracting(run -> run.status).containsExactly("FAILED");

    TrainingListener second = open().orElseThrow();
    second.onStart(2, 8, List.of());
    round(second, Phase.ADVERSARIAL, 2, 1);
    second.onEnd(3);
    assertThat(server.runs).hasSize(1);
    TrackingServer.Run run = server.runs.values().iterator().next();
    assertThat(run.status).isEqualTo("FINISHED");
    assertThat(run.metrics.get("segmentation/main")).containsExactly("0=0.0", "1=1.0", "2=2.0");
    assertThat(server.requests).anyMatch(r -> r.contains("\"status\":\"RUNNING\""));
    assertThat(server.experiments).hasSize(1);

    TrainingListener another = open().orElseThrow();
    another.onStart(0, 8, List.of());
    another.onEnd(0);
    assertThat(server.runs).hasSize(2);
  }

  @Test
  void noPasswordLeavesTheProcess() throws IOException {
    TrainingListener tracking = open("data.source.root='s3a://secret@bucket/gta5'").orElseThrow();
    tracking.onStart(0, 8, List.of());
    tracking.onEnd(0);
    TrackingServer.Run run = server.runs.values().iterator().next();
    assertThat(run.parameters).containsEntry("data.source.root", "s3a://bucket/gta5");
    assertThat(server.requests).noneMatch(request -> request.contains("secret"));
    assertThatThrownBy(() -> TinyRun.config("tracking.mlflow.uri=http://user:secret@host:5000"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tracking.mlflow.uri: expected an http, https or databricks URI")
        .message()
        .doesNotContain("secret");
  }

  @Test
  void aServerThatFailsDelaysNothingAndGetsAllOnceItWorks() throws IOException {
    server.broken = true;
    TrainingListener tracking = open().orElseThrow();
    tracking.onStart(0, 8, List.of());
    for (int i = 0; i < 20; i++) {
      round(tracking, Phase.ADVERSARIAL, i, 1);
    }
    server.broken = false;
    tracking.onEnd(20);
    TrackingServer.Run run = server.runs.values().iterator().next();
    assertThat(run.metrics.get("segmentation/main")).hasSize(20);
    assertThat(run.status).isEqualTo("FINISHED");
  }

  @Test
  void aServerThatNeverWorksIsNoFailureOfTheRun() throws IOException {
    server.broken = true;
    TrainingListener tracking = open().orElseThrow();
    tracking.onStart(0, 8, List.of());
    round(tracking, Phase.ADVERSARIAL, 0, 2);
    tracking.onEnd(2);
    assertThat(server.requests).isNotEmpty();
    assertThat(server.runs).isEmpty();
  }

  @Test
  void aServerThatNeverAnswersIsWaitedForOnlySoLong() throws IOException {
    // Connections are made by the system's queue; nobody ever takes one.
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      RunConfig config = TinyRun.config();
      TrackedRun.Description description =
          new TrackedRun.Description("e", "n", path(), Map.of("a", "b"), Map.of());
      MlflowTracking tracking =
          new MlflowTracking(
              "http://127.0.0.1:" + silent.getLocalPort(),
              description,
              new Configuration(),
              LearningRates.of(config),
              CLASSES,
              Duration.ofMillis(500));
      long begin = System.nanoTime();
      tracking.onStart(0, 8, List.of());
      round(tracking, Phase.ADVERSARIAL, 0, 2);
      tracking.onEnd(2);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(60));
    }
  }

  @Test
  void withoutAServerThereIsNoListener() throws IOException {
    RunConfig config = TinyRun.config();
    assertThat(of(config, Map.of())).isEmpty();
    assertThat(of(config, Map.of("MLFLOW_TRACKING_URI", server.uri()))).isPresent();
  }

  private Optional<TrainingListener> open(String... more) throws IOException {
    List<String> overrides = new ArrayList<>(List.of(more));
    overrides.add("tracking.mlflow.uri='" + server.uri() + "'");
    overrides.add("optimizer.generator.learning-rate=0.01");
    overrides.add("optimizer.decay.power=1");
    overrides.add("optimizer.decay.total-iterations=1000");
    return of(TinyRun.config(overrides.toArray(String[]::new)), Map.of());
  }

  private Optional<TrainingListener> of(RunConfig config, Map<String, String> environment)
      throws IOException {
    return MlflowTracking.of(
        config, environment, path(), new Configuration(), CLASSES, Map.of("spark", "3.5.5"));
  }

  private org.apache.hadoop.fs.Path path() {
    return new org.apache.hadoop.fs.Path(directory.toString());
  }

  private static void round(TrainingListener listener, Phase phase, long first, int iterations) {
    List<RoundReport.Iteration> losses = new ArrayList<>();
    for (long i = first; i < first + iterations; i++) {
      LossTerms terms =
          new LossTerms()
              .term("segmentation", 0.5, i)
              .term("adversarial", Double.NaN, 0.25)
              .term("discriminator", 0.75, 1.5)
              .in(phase);
      losses.add(new RoundReport.Iteration(i, terms.losses()));
    }
    RoundTimings timings = new RoundTimings(1.5, 1.25, 0.25, 2, 4096, 7);
    listener.onRound(new RoundPlan(0, phase, first, iterations, 0), losses, timings);
  }

  private static ConfusionMatrix matrix() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add(new byte[] {0, 0, 0, 1, 1, 1, 1}, new byte[] {0, 0, 0, 1, 1, 1, 0});
    return matrix;
  }
}
