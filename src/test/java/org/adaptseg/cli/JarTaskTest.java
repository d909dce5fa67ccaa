package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.testing.TinyRun;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program as a task in a process that has a Spark context already, as Databricks calls it. A
 * call of System.exit would end the tests' process, and with it the build.
 */
@Tag("cluster")
@Tag("command")
class JarTaskTest {
  @TempDir Path directory;

  @Test
  void aTaskLeavesTheContextThatItFound() {
    try (JavaSparkContext found = context()) {
      Main.main(train(directory.resolve("run")));

      assertThat(found.sc().isStopped()).isFalse();
      assertThat(found.parallelize(List.of(1, 2, 3)).count()).isEqualTo(3);
      assertThat(directory.resolve("run/scores.json")).exists();
    }
  }

  /** In such a process the settings are the context's, not those of system properties. */
  @Test
  void settingsAreThoseOfTheContextThatIsThere() {
    try (JavaSparkContext found = context()) {
      assertThat(SparkHandle.settings().get("spark.app.name")).isEqualTo("somebody else's");
      assertThat(Configurations.hadoop().get("fs.s3a.endpoint")).isEqualTo("http://127.0.0.1:9");
      assertThat(Configurations.hadoop().get("fs.s3a.connection.maximum")).isEqualTo("500");
      assertThat(found.sc().isStopped()).isFalse();
    }
    assertThat(SparkHandle.settings().contains("spark.app.name")).isFalse();
  }

  @Test
  void aTaskThatFailsThrowsWhatAUserShouldRead() {
    try (JavaSparkContext found = context()) {
      String[] missing = {"train", "--config", directory.resolve("none.yaml").toString()};
      assertThatThrownBy(() -> Main.main(missing))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("none.yaml");
      assertThatThrownBy(() -> Main.main(new String[] {"train", "--no-such-option"}))
          .isInstanceOf(JobFailedException.class)
          .hasMessageStartingWith("Cannot run: ");

      assertThat(found.sc().isStopped()).isFalse();
    }
  }

  @Test
  void aContextOfItsOwnIsStopped() {
    Main.main(train(directory.resolve("run")));

    assertThat(SparkEnv.get()).isNull();
    assertThat(directory.resolve("run/scores.json")).exists();
  }

  private static JavaSparkContext context() {
    return new JavaSparkContext(
        new SparkConf()
            .setMaster("local[2]")
            .setAppName("somebody else's")
            .set("spark.ui.enabled", "false")
            .set("spark.hadoop.fs.s3a.endpoint", "http://127.0.0.1:9")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1"));
  }

  private static String[] train(Path run) {
    List<String> arguments = new ArrayList<>(List.of("train", "--config=conf/demo.yaml"));
    Stream.concat(
            TinyRun.OF_DEMO.stream(),
            Stream.of(
                "output.dir=" + run,
                "schedule.phases.0.iterations=2",
                "cluster.averaging-interval=1"))
        .forEach(setting -> arguments.add("--set=" + setting));
    return arguments.toArray(String[]::new);
  }
}
