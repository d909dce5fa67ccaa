package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.ExecutorKiller;
import org.adaptseg.testing.ProgramProcess;
import org.adaptseg.testing.RoundTimes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What befalls executors, in JVMs of their own, of the real program with small networks. */
@Tag("faults")
@Tag("slow")
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
    String limit = ProgramProcess.executorOptions() + " -Dorg.bytedeco.javacpp.maxphysicalbytes=";
    settings.put("spark.executor.extraJavaOptions", limit + "150M");
    Ended ended = SmallTraining.run(settings, SmallTraining.train(directory, "--resume"));
    assertThat(ended.code()).isEqualTo(Main.FAILURE);
    assertThat(said(ended))
        .startsWith("Cannot continue: a process that computes uses ")
        .contains("org.bytedeco.javacpp.maxphysicalbytes of 150 MB")
        .contains("spark.executor.extraJavaOptions")
        .contains("spark.executor.memoryOverhead")
        .contains("--resume");
    settings.put("spark.executor.extraJavaOptions", limit + "4G");
    assertResumesToTheReference(settings, run);
  }

  @Test
  void aFullDiskIsNamedAndTheRunGoesOnWhenThereIsRoom() throws Exception {
    Path run = SmallTraining.copyOfReference(directory, 8);
    Map<String, String> settings = SmallTraining.executors(MASTER, directory.resolve("local"));
    SmallDisk disk = SmallDisk.available();
    settings.put("spark.executorEnv.JAVA_HOME", javaOn(disk).toString());
    Ended ended = SmallTraining.run(settings, SmallTraining.train(directory, "--resume"));
    assertThat(ended.code()).isEqualTo(Main.FAILURE);
    assertThat(said(ended))
        .startsWith(
            "Cannot continue: the disk of an executor is full or a limit on files is reached:")
        .contains(disk.complaint)
        .contains("spark.local.dir")
        .contains("--resume");
    assertResumesToTheReference(Map.of(), run);
  }

  /**
   * What the program said: its sentence is its last word. Spark's own threads may have printed that
   * an executor's late answer found the context stopping.
   */
  private static String said(Ended ended) {
    return ended.err().substring(Math.max(0, ended.err().indexOf("Cannot ")));
  }

  private void assertResumesToTheReference(Map<String, String> settings, Path run) {
    Ended ended = SmallTraining.succeed(settings, SmallTraining.train(directory, "--resume"));
    assertThat(ended.out()).contains("tiny: iterations 8 to " + SmallTraining.ITERATIONS);
    assertThat(SmallTraining.vectors(run))
        .isEqualTo(SmallTraining.vectors(SmallTraining.reference()));
  }

  /** Ways to give an executor a disk that its shuffle files fill. */
  private enum SmallDisk {
    /**
     * File systems of 64 kB in place of the executor's directories, seen by its process only and
     * gone with it. Needs root or user namespaces.
     */
    MOUNTED(
        "No space left on device",
        """
        #!/bin/sh
        exec unshare --map-root-user --mount sh -c '
          IFS=:
          for directory in $SPARK_EXECUTOR_DIRS; do
            mount -t tmpfs -o size=64k tmpfs "$directory" || exit 1
          done
          exec "$@"' sh '%s' "$@"
        """),
    /** A limit on the size of files, where a container allows no mount. */
    LIMITED("File too large", "#!/bin/sh\nulimit -f 32\nexec '%s' \"$@\"\n");

    private final String complaint;
    private final String launcher;

    SmallDisk(String complaint, String launcher) {
      this.complaint = complaint;
      this.launcher = launcher;
    }

    static SmallDisk available() {
      int mount =
          ChildProcess.codeOf(
              "unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "x", "/mnt");
      return mount == 0 ? MOUNTED : LIMITED;
    }
  }

  /** The home of a Java whose processes have such a disk. */
  private Path javaOn(SmallDisk disk) throws IOException {
    Path home = directory.resolve("java");
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Path real = Path.of(System.getProperty("java.home"), "bin", "java");
    Files.writeString(java, disk.launcher.formatted(real));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    return home;
  }
}
