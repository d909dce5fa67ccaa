package org.adaptseg.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
  void methodsAreMeasuredOnPhotographsOverAllClassesAndOverSome() throws IOException {
    assertThat(run("jobs/real.sh --data " + directory).err())
        .contains("Cannot start: expected the directory carla of --data, found none");
    DatasetFixtures.carla(directory.resolve("carla"));
    DatasetFixtures.camvid(directory.resolve("camvid"), List.of(List.of(0, 0, 0)));

    Ended outcome =
        run(
            ("jobs/real.sh --data %1$s --out %1$s/out --methods source-only --seeds 1 --iterations 1"
                    + " --set optimizer.warmup.iterations=0 --set model.base-width=4")
                .formatted(directory));

    assertThat(outcome.code()).as(outcome.all()).isZero();
    assertThat(directory.resolve("out/results.md"))
        .content()
        .contains(
            "1 of 1 runs finished. carla to camvid, 1 iterations each", "on camvid, split test")
        .contains("| mIoU | mIoU of 7 classes |", "| source only | 1 |")
        .doesNotContain("Sensitivity");
  }
}
