package org.adaptseg.documentation;

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
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts of README as a user starts them. */
@Tag("slow")
class ScriptsIT {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  @TempDir Path directory;

  private Ended run(String command) {
    return ChildProcess.script(Map.of(), List.of("bash", "-c", command)).run(directory, LIMIT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jobs/local.sh --help", "jobs/submit.sh --master 'local[1]' -- --help"})
  void aScriptShowsWhatTheProgramCanDo(String command) {
    Ended outcome = run(command);

    assertThat(outcome.all()).contains("Usage: adaptseg", "demo", "train", "report");
    assertThat(outcome.code()).isZero();
  }

  @Test
  void aDryRunSaysWhatWouldBeTrained() {
    Ended outcome = run("jobs/local.sh train --config conf/demo.yaml --dry-run");

    assertThat(outcome.all())
        .contains("# 800 source images, 800 target images, 100 evaluation images")
        .contains("# Nothing was trained.");
    assertThat(outcome.code()).isZero();
  }

  @Test
  void aMistypedCommandIsBadUsage() {
    assertThat(run("jobs/local.sh tarin").code()).isEqualTo(2);
  }

  @Test
  void aLowLimitOfOpenFilesIsOneLineBeforeAnythingIsDone() {
    Ended outcome = run("ulimit -n 64; jobs/local.sh train --config conf/demo.yaml --dry-run");

    assertThat(outcome.err().strip())
        .isEqualTo(
            "Cannot start: expected room for 512 open files, found a limit of 64 (raise ulimit -n, to 4096 say)");
    assertThat(outcome.code()).isOne();
  }

  @Test
  void aUserWithoutAHomeCanTrain() {
    Ended outcome =
        run(
            "ADAPTSEG_JAVA_OPTIONS='-Duser.home=? -Duser.name=?' jobs/local.sh train --config conf/demo.yaml --dry-run");

    assertThat(outcome.all()).contains("# Nothing was trained.");
    assertThat(outcome.code()).isZero();
    assertThat(Path.of("?")).doesNotExist();
  }

  @Test
  void theFirstPredictionLeavesItsClassesAndTheNextOneTakesThem() throws IOException {
    Files.writeString(directory.resolve("tiny.yaml"), TinyRun.YAML);
    DatasetFixtures.write(directory.resolve("photo.jpg"), DatasetFixtures.picture(1, 90, 50));
    String in = "cd %s; ".formatted(Path.of("").toAbsolutePath());
    Ended trained =
        run(
            in
                + "rm -f target/predict-*.jsa; jobs/local.sh train --config %1$s/tiny.yaml --set output.dir=%1$s/run"
                    .formatted(directory)
                + " --set 'schedule.phases=[{phase: source-only, iterations: 1}]' &&"
                + " jobs/local.sh weights export --config %1$s/run --output %1$s/model.safetensors"
                    .formatted(directory));
    assertThat(trained.code()).as(trained.all()).isZero();
    String predict =
        "jobs/local.sh predict --weights %1$s/model.safetensors --input %1$s/photo.jpg --output %1$s/"
            .formatted(directory);

    Ended first = run(in + predict + "first; ls target/predict-*");
    Ended second =
        run(
            in
                + "export ADAPTSEG_JAVA_OPTIONS=-Xlog:class+load:file=%s/loaded; "
                    .formatted(directory)
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
}
