package org.adaptseg.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.RunConfig;
import org.adaptseg.metrics.Scores;
import org.adaptseg.spark.TrainingRun;
import org.adaptseg.testing.DatasetFixtures;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.testing.TinyRun;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.schedule.RoundPlan;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontDoorTest {
  @TempDir private Path directory;

  private double miou;

  private static final class Rounds implements TrainingListener {
    private final List<Long> seen = new ArrayList<>();

    @Override
    public void onRound(RoundPlan plan, List<RoundReport.Iteration> losses, RoundTimings timings) {
      seen.add((long) plan.round());
    }
  }

  /** The lines of the README. */
  private void run(
      String file,
      JavaSparkContext context,
      TrainingListener listener,
      Path directory,
      String images,
      String predictions)
      throws IOException {
    // README begins
    RunConfig config = Configurations.read(file, List.of("output.dir=" + directory));
    Experiment experiment = Experiment.of(config);
    experiment.check();
    PredictionJob prediction = PredictionJob.of(config, images, predictions);
    try (SparkHandle spark = SparkHandle.on(context)) {
      TrainingJob training = new TrainingJob(experiment);
      Checkpoint last = training.run(spark, TrainingRun.Start.NEW, List.of(listener));
      EvaluationJob evaluation = new EvaluationJob(experiment);
      miou = Scores.of(evaluation.run(spark, last.state(), "evaluation")).miou();
      prediction.run(spark, TrainedNetwork.of(last));
    }
    // README ends
  }

  /** Two runs in one process, as in a notebook, have nothing in common but the context. */
  @Test
  void aProgramTrainsEvaluatesAndPredictsOnItsOwnContextWithTheLinesOfTheReadme()
      throws IOException {
    Path file = Files.writeString(directory.resolve("tiny.yaml"), ConfigLoader.toYaml(tiny()));
    Path images = directory.resolve("images");
    DatasetFixtures.write(images.resolve("a.png"), DatasetFixtures.picture(1, 24, 16));
    List<Double> scores = new ArrayList<>();

    try (LocalSpark spark = LocalSpark.start("local[2]")) {
      for (String name : List.of("one", "two")) {
        Rounds rounds = new Rounds();
        Path run = directory.resolve(name);
        Path predictions = run.resolve("predictions");
        run(
            file.toString(),
            spark.context(),
            rounds,
            run,
            images.toString(),
            predictions.toString());

        assertThat(spark.context().parallelize(List.of(1, 2)).count()).isEqualTo(2);
        assertThat(rounds.seen).containsExactly(0L, 1L);
        assertThat(run.resolve("checkpoints")).isNotEmptyDirectory();
        assertThat(predictions.resolve("label-ids/a.png")).exists();
        assertThat(predictions.resolve("colours/a.png")).exists();
        scores.add(miou);
      }
    }
    assertThat(scores.get(0)).isBetween(0.0, 1.0).isEqualTo(scores.get(1));
  }

  @Test
  void theReadmeShowsTheseLines() throws IOException {
    Path source = Path.of("src/test/java/org/adaptseg/job/FrontDoorTest.java");
    String code = Files.readString(source, StandardCharsets.UTF_8);
    String begin = "    // README begins\n";
    String lines =
        code.substring(code.indexOf(begin) + begin.length(), code.indexOf("    // README ends"))
            .lines()
            .map(line -> line.substring(4))
            .collect(Collectors.joining("\n", "```java\n", "\n```"));

    assertThat(Files.readString(Path.of("README.md"), StandardCharsets.UTF_8)).contains(lines);
  }

  private static RunConfig tiny() {
    List<String> overrides = new ArrayList<>(TinyRun.OF_DEMO);
    overrides.add("schedule.phases=[{phase: adversarial, iterations: 4}]");
    overrides.add("cluster.averaging-interval=2");
    return Configurations.demo(overrides);
  }
}
