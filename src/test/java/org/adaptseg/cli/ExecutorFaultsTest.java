package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.adaptseg.testing.ExecutorKiller;
import org.adaptseg.testing.RoundTimes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What befalls executors, in JVMs of their own, of the real program with small networks. */
@Tag("faults")
class ExecutorFaultsTest {
  private static final String MASTER = "local-cluster[2,1,512]";

  @TempDir Path directory;

  @Test
  void twoExecutorsKilledInTheMiddleOfRoundsChangeNoBit() {
    Map<String, String> settings = SmallTraining.executors(MASTER, directory.resolve("local"));
    settings.put(
        "spark.extraListeners", ExecutorKiller.class.getName() + "," + RoundTimes.class.getName());
    ExecutorKiller.lostTasks();
    RoundTimes.describe("before");
    SmallTraining.succeed(settings, SmallTraining.train(directory));
    System.out.println(RoundTimes.describe("two executors killed"));
    assertThat(ExecutorKiller.lostTasks()).as("tasks lost with their executors").isEqualTo(2);
    assertThat(SmallTraining.vectors(directory.resolve("run")))
        .isEqualTo(SmallTraining.vectors(SmallTraining.reference()));
  }

  @Test
  void aMemoryLimitIsNamedAndTheRunGoesOnWhenItIsRaised() {
    Path run = SmallTraining.copyOfReference(directory, 8);
    Map<String, String> settings = SmallTraining.executors(MASTER, directory.resolve("local"));
    String limit = "-Dorg.bytedeco.javacpp.maxphysicalbytes=";
    settings.put("spark.executor.extraJavaOptions", limit + "150M");
    SmallTraining.Ended ended =
        SmallTraining.run(settings, SmallTraining.train(directory, "--resume"));
    assertThat(ended.code()).isEqualTo(Main.FAILURE);
    assertThat(ended.err())
        .startsWith("Cannot go on: a process that computes uses ")
        .contains("org.bytedeco.javacpp.maxphysicalbytes of 150 MB")
        .contains("spark.executor.extraJavaOptions")
        .contains("spark.executor.memoryOverhead")
        .contains("--resume");
    settings.put("spark.executor.extraJavaOptions", limit + "4G");
    assertResumesToTheReference(settings, run);
  }

  @Test
  void aFullDiskIsNamedAndTheRunGoesOnWhenThereIsRoom() throws IOException {
    Path run = SmallTraining.copyOfReference(directory, 8);
    Map<String, String> settings = SmallTraining.executors(MASTER, directory.resolve("local"));
    settings.put("spark.executorEnv.JAVA_HOME", javaThatWritesAtMost(32).toString());
    SmallTraining.Ended ended =
        SmallTraining.run(settings, SmallTraining.train(directory, "--resume"));
    assertThat(ended.code()).isEqualTo(Main.FAILURE);
    assertThat(ended.err())
        .startsWith("Cannot go on: the disk of an executor is full or a limit on files is reached:")
        .contains("spark.local.dir")
        .contains("--resume");
    settings.remove("spark.executorEnv.JAVA_HOME");
    assertResumesToTheReference(settings, run);
  }

  private void assertResumesToTheReference(Map<String, String> settings, Path run) {
    SmallTraining.Ended ended =
        SmallTraining.succeed(settings, SmallTraining.train(directory, "--resume"));
    assertThat(ended.out()).contains("tiny: iterations 8 to " + SmallTraining.ITERATIONS);
    assertThat(SmallTraining.vectors(run))
        .isEqualTo(SmallTraining.vectors(SmallTraining.reference()));
  }

  /**
   * A Java whose processes may write files of so many blocks of 512 bytes. A limit on the size of
   * files stops a shuffle's files as a full disk does, without the rights to mount a small one.
   */
  private Path javaThatWritesAtMost(int blocks) throws IOException {
    Path home = directory.resolve("java");
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Path real = Path.of(System.getProperty("java.home"), "bin", "java");
    Files.writeString(java, "#!/bin/sh\nulimit -f %d\nexec '%s' \"$@\"\n".formatted(blocks, real));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    return home;
  }
}
