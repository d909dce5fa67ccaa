package org.adaptseg.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts of README as a user starts them. */
class ScriptsIT {
  private static final long MINUTES = 10;

  @TempDir Path directory;

  private record Outcome(int code, String output) {}

  private Outcome run(String command) throws IOException, InterruptedException {
    Path output = directory.resolve("output.txt");
    ProcessBuilder builder = new ProcessBuilder(List.of("bash", "-c", command));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("SPARK_HOME");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError(
          "Expected the end of '%s' within %d minutes, found:%n%s"
              .formatted(command, MINUTES, Files.readString(output)));
    }
    return new Outcome(process.exitValue(), Files.readString(output));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jobs/local.sh --help", "jobs/submit.sh --master 'local[1]' -- --help"})
  void aScriptShowsWhatTheProgramCanDo(String command) throws Exception {
    Outcome outcome = run(command);

    assertThat(outcome.output()).contains("Usage: adaptseg", "demo", "train", "report");
    assertThat(outcome.code()).isZero();
  }

  @Test
  void aDryRunSaysWhatWouldBeTrained() throws Exception {
    Outcome outcome = run("jobs/local.sh train --config conf/demo.yaml --dry-run");

    assertThat(outcome.output())
        .contains("# 800 source images, 800 target images, 100 evaluation images")
        .contains("# Nothing was trained.");
    assertThat(outcome.code()).isZero();
  }

  @Test
  void aMistypedCommandIsBadUsage() throws Exception {
    assertThat(run("jobs/local.sh tarin").code()).isEqualTo(2);
  }
}
