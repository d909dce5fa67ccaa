package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.DatasetFixtures;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jobs/local.sh predict} as a user starts it, twice. */
@Tag("slow")
class PredictScriptIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir Path directory;

  @Test
  void theFirstPredictionLeavesItsClassesAndTheNextOneTakesThem() throws IOException {
    DatasetFixtures.write(directory.resolve("photo.jpg"), DatasetFixtures.picture(1, 90, 50));
    SmallTraining.succeed(
        Map.of(),
        List.of(
            "weights",
            "export",
            "--config=" + SmallTraining.reference(),
            "--output=" + directory.resolve("model.safetensors")));
    String predict =
        "jobs/local.sh predict --weights %1$s/model.safetensors --input %1$s/photo.jpg --output %1$s/"
            .formatted(directory);

    Ended first = run("rm -f target/predict-*.jsa; " + predict + "first; ls target/predict-*");
    Ended second =
        run(
            "export ADAPTSEG_JAVA_OPTIONS=-Xlog:class+load:file=%s/loaded; ".formatted(directory)
                + predict
                + "second");

    assertThat(first.code()).as(first.all()).isZero();
    assertThat(first.out()).startsWith("Weights: ").doesNotContain("[warning]");
    assertThat(first.out().lines().filter(line -> line.matches("target/predict-\\d+\\.jsa")))
        .hasSize(1);
    assertThat(second.code()).as(second.all()).isZero();
    assertThat(Files.readString(directory.resolve("loaded")))
        .contains("org.adaptseg.job.PredictionJob source: shared objects file (top)")
        .doesNotContain("org.apache.spark.SparkContext ");
    assertThat(directory.resolve("second/label-ids/photo.png"))
        .hasSameBinaryContentAs(directory.resolve("first/label-ids/photo.png"));
  }

  private Ended run(String command) {
    return ChildProcess.script(Map.of(), List.of("bash", "-c", command)).run(directory, LIMIT);
  }
}
