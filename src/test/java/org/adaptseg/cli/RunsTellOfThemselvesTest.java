package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.adaptseg.testing.DatasetFixtures;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands leave behind and how their jobs are called, small networks on small images. */
@Tag("command")
class RunsTellOfThemselvesTest {
  private static final Map<String, String> SETTINGS =
      Map.of("spark.ui.enabled", "false", "spark.extraListeners", Names.class.getName());

  @TempDir Path directory;

  /** Made by Spark itself, so it hears of every job of every context. */
  public static final class Names extends SparkListener {
    static final List<String> JOBS = new CopyOnWriteArrayList<>();
    static final List<String> STAGES = new CopyOnWriteArrayList<>();

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      JOBS.add(String.valueOf(job.properties().getProperty("spark.job.description")));
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted stage) {
      STAGES.add(String.valueOf(stage.properties().getProperty("spark.job.description")));
    }
  }

  @BeforeEach
  void set() {
    SETTINGS.forEach(System::setProperty);
    Names.JOBS.clear();
    Names.STAGES.clear();
  }

  @AfterEach
  void unset() {
    SETTINGS.keySet().forEach(System::clearProperty);
  }

  private static void requireDescriptions(String... some) {
    assertThat(Names.JOBS).contains(some).noneMatch(description -> description.equals("null"));
    assertThat(Names.STAGES).containsAll(Names.JOBS).noneMatch(name -> name.equals("null"));
  }

  @Test
  void theDemoDescribesEveryJobAndKeepsTheMetricsOfBothRuns() throws IOException {
    assertThat(run("demo")).isZero();
    requireDescriptions(
        "round 1/2: source-only, iterations 0–1",
        "round 2/2: source-only, iterations 2–3",
        "pictures after iteration 4",
        "round 1/2: adversarial, iterations 0–1",
        "round 2/2: adversarial, iterations 2–3",
        "evaluation after iteration 4");
    for (String variant : List.of("source-only", "adapted")) {
      requireMetrics(directory.resolve(variant));
    }
  }

  @Test
  void trainingDescribesEveryJobAndKeepsItsMetrics() throws IOException {
    assertThat(run("train", "--config", "conf/demo.yaml")).isZero();
    requireDescriptions(
        "round 1/2: adversarial, iterations 0–1",
        "round 2/2: adversarial, iterations 2–3",
        "evaluation after iteration 4");
    requireMetrics(directory);

    assertThat(run("train", "--config", "conf/demo.yaml", "--resume")).isZero();
    requireDescriptions("evaluation after iteration 4");
    requireMetrics(directory);
  }

  @Test
  void predictionDescribesItsJob() throws IOException {
    String images = directory.resolve("images").toString();
    // One picture would need no job.
    for (String name : List.of("images/street.png", "images/road.png")) {
      DatasetFixtures.write(directory.resolve(name), DatasetFixtures.picture(1, 64, 32));
    }
    String output = directory.resolve("predictions").toString();
    assertThat(run("train", "--config", "conf/demo.yaml")).isZero();
    Names.JOBS.clear();
    Names.STAGES.clear();

    int code = run("predict", "--config", "conf/demo.yaml", "--input", images, "--output", output);
    assertThat(code).isZero();
    assertThat(Names.JOBS).containsOnly("prediction with iteration 4");
    assertThat(Names.STAGES).containsAll(Names.JOBS).containsOnly("prediction with iteration 4");
  }

  private int run(String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    for (String value :
        List.of(
            "output.dir=" + directory,
            "schedule.phases.0.iterations=4",
            "cluster={workers: 2, scaling: work, threads-per-worker: 1, averaging-interval: 2}",
            "model={layers: [1, 1, 1, 1], base-width: 4, discriminator-width: 4}",
            "data.source={dataset: synthetic-source, split: train, width: 64, height: 32}",
            "data.target={dataset: synthetic-target, split: train, width: 64, height: 32}",
            "data.evaluation={dataset: synthetic-target, split: val, width: 64, height: 32}")) {
      arguments.addAll(List.of("--set", value));
    }
    return Main.run(arguments.toArray(String[]::new));
  }

  private static void requireMetrics(Path run) throws IOException {
    Map<String, Integer> kinds = new TreeMap<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      JsonNode node = new ObjectMapper().readTree(line);
      kinds.merge(node.path("kind").asText(), 1, Integer::sum);
      if (node.path("kind").asText().equals("round")) {
        assertThat(node.path("workers").asInt()).isEqualTo(2);
        assertThat(node.path("bytes_averaged").asLong()).isGreaterThan(10_000);
        assertThat(node.path("seconds").asDouble()).isPositive();
      }
      if (node.path("kind").asText().equals("evaluation")) {
        assertThat(node.path("confusion")).hasSize(8);
        assertThat(node.path("miou").asDouble()).isBetween(0.0, 1.0);
      }
    }
    assertThat(kinds).isEqualTo(Map.of("iteration", 4, "round", 2, "evaluation", 1));
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.startsWith("events.out.tfevents."));
    }
  }
}
