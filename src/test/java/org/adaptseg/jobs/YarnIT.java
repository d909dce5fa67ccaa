package org.adaptseg.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.JavaServer;
import org.adaptseg.testing.Processes;
import org.adaptseg.testing.ProgramProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job jar on a YARN cluster of this machine, by the script that users submit with: a resource
 * manager and two node managers, driver and executors in containers, each a process. Not real here:
 * HDFS (the default file system is the local one), limits of memory, users, Kerberos.
 */
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("slow")
class YarnIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir static Path directory;
  private static Path client;
  private static JavaServer cluster;

  @BeforeAll
  static void start() {
    client = directory.resolve("conf");
    cluster =
        JavaServer.start(
            "YarnCluster",
            Path.of("target", "yarn-server").toAbsolutePath() + "/*",
            directory.resolve("yarn"),
            List.of("-Xmx512m", "--add-opens=java.base/java.lang=ALL-UNNAMED"),
            List.of(client.toString()));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  @Order(1)
  void twoRoundsAreTrainedAndEvaluatedAndAnExecutorThatIsKilledChangesNoBit() throws IOException {
    TinyTraining local = new TinyTraining(directory.resolve("local"));
    local.runHere(directory.resolve("local.yaml"), directory.resolve("logs"));
    TinyTraining training = new TinyTraining(directory.resolve("trained"));
    try (ChildProcess submit = submit(training)) {
      Processes.await(
          "the first checkpoint",
          LIMIT,
          training::isFirstRoundSaved,
          submit::isAlive,
          submit::soFar);
      List<ProcessHandle> executors =
          Processes.java(cluster.descendants(), "YarnCoarseGrainedExecutorBackend");
      assertThat(executors).hasSize(2);
      executors.get(0).destroyForcibly();
      Ended ended = submit.await(LIMIT);

      assertThat(ended.code()).as(ended.all() + containerLogs()).isZero();
    }
    assertThat(containerLogs())
        .as("what the driver saw")
        .contains("Lost executor")
        .contains("mIoU");
    training.requireComplete();
    assertThat(training.hashes()).isEqualTo(local.hashes());
  }

  @Test
  @Order(2)
  void aJobThatFailsEndsWithAnExitCodeAndItsMessage() throws IOException {
    TinyTraining again = new TinyTraining(directory.resolve("trained"));
    Map<String, String> before = again.hashes();
    try (ChildProcess submit = submit(again)) {
      Ended ended = submit.await(LIMIT);

      assertThat(ended.code()).as(ended.all()).isNotZero();
      assertThat(ended.err()).contains("Cannot begin a new run: expected no checkpoints, found 2");
    }
    assertThat(again.hashes()).as("what was there").isEqualTo(before);
  }

  @Test
  @Order(3)
  void theScriptAsksForTheClustersConfiguration() {
    Ended ended =
        ChildProcess.script(
                Map.of(),
                List.of("jobs/yarn/submit.sh", "--", "train", "--config", "conf/demo.yaml"))
            .run(directory.resolve("logs"), LIMIT);

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).startsWith("Cannot submit: ").contains("HADOOP_CONF_DIR");
  }

  @Test
  @Order(4)
  void theScriptRefusesARunDirectoryThatOnlyThisMachineHas() throws IOException {
    Path run = Files.createDirectories(directory.resolve("a run"));
    Files.createDirectories(run.resolve("made-from"));
    Path configuration = Files.writeString(run.resolve("config.yaml"), "");
    for (Path given : List.of(run, configuration)) {
      Ended ended =
          ChildProcess.script(
                  Map.of("HADOOP_CONF_DIR", client.toString()),
                  List.of("jobs/yarn/submit.sh", "--", "train", "--config", given.toString()))
              .run(directory.resolve("logs"), LIMIT);

      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.err())
          .startsWith("Cannot submit: expected the run directory of --config where the cluster")
          .contains("found one of this machine (" + run + ")", "file://" + run);
    }
  }

  private static ChildProcess submit(TinyTraining training) throws IOException {
    Path configuration = training.write(directory.resolve("tiny.yaml"));
    List<String> command = new ArrayList<>(List.of("jobs/yarn/submit.sh"));
    command.addAll(List.of("--num-executors", "2", "--executor-cores", "1"));
    command.addAll(List.of("--executor-memory", "512m", "--driver-memory", "512m"));
    for (String setting :
        List.of(
            "spark.executor.memoryOverhead=400m",
            "spark.driver.memoryOverhead=256m",
            "spark.driver.extraJavaOptions=" + ProgramProcess.SHORT_LIVED,
            "spark.executor.extraJavaOptions=" + ProgramProcess.SHORT_LIVED,
            "spark.yarn.stagingDir=file://" + directory.resolve("staging"),
            "spark.yarn.jars=local:" + System.getenv("SPARK_HOME") + "/jars/*",
            "spark.yarn.report.interval=1s",
            "spark.ui.enabled=false",
            "spark.yarn.appMasterEnv.SPARK_LOCAL_IP=127.0.0.1",
            "spark.executorEnv.SPARK_LOCAL_IP=127.0.0.1")) {
      command.addAll(List.of("--conf", setting));
    }
    command.addAll(List.of("--", "train", "--config", configuration.toString()));
    Map<String, String> environment =
        Map.of("HADOOP_CONF_DIR", client.toString(), "SPARK_LOCAL_IP", "127.0.0.1");
    return ChildProcess.script(environment, command).start(directory.resolve("logs"));
  }

  /** What the newest application's containers have printed. */
  private static String containerLogs() throws IOException {
    try (Stream<Path> all = Files.walk(directory.resolve("yarn"))) {
      Map<String, List<Path>> byApplication =
          all.filter(file -> file.toString().matches(".*/container_[^/]*/std(out|err)"))
              .filter(Files::isRegularFile)
              .sorted()
              .collect(Collectors.groupingBy(YarnIT::application));
      StringBuilder text = new StringBuilder();
      String newest = byApplication.keySet().stream().max(String::compareTo).orElse("");
      for (Path file : byApplication.getOrDefault(newest, List.of())) {
        text.append(file).append('\n').append(Files.readString(file)).append('\n');
      }
      return text.toString();
    }
  }

  private static String application(Path file) {
    return file.toString().replaceAll(".*/(application_\\d+_\\d+)/.*", "$1");
  }
}
