package org.adaptseg.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code jobs/test.sh} and {@code jobs/local.sh --install} in a copy of the scripts, on a machine
 * whose programs are those that a test lists: the JDK, what any Debian has, and stand-ins that
 * write down how they were called.
 */
@Tag("slow")
class SetUpTest {
  private static final String SAME_CLASSES = "-Dmaven.compiler.useIncrementalCompilation=false";
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir private Path directory;
  private Path bin;
  private Path calls;

  @BeforeEach
  void copyScripts() throws IOException {
    bin = Files.createDirectories(directory.resolve("bin"));
    calls = Files.createFile(directory.resolve("calls"));
    for (String script :
        List.of(".ci/run", "jobs/test.sh", "jobs/packages.sh", "jobs/local.sh", "jobs/common.sh")) {
      Path copy = directory.resolve(script);
      Files.createDirectories(copy.getParent());
      Files.copy(Path.of(script), copy);
    }
    Files.createDirectories(directory.resolve("target"));
    for (String program :
        List.of(
            "bash",
            "cat",
            "dirname",
            "env",
            "find",
            "grep",
            "ls",
            "mkdir",
            "nproc",
            "readlink",
            "rm",
            "sed",
            "sort",
            "head",
            "tr",
            "true",
            "mv")) {
      Files.createSymbolicLink(bin.resolve(program), onThisMachine(program));
    }
    program("id", "echo 1000");
    program("python3", "exit 0");
    program("g++", "exit 0");
    program("chromium", "exit 0");
    program("npm", "exit 0");
    Path lint = Files.createDirectories(directory.resolve("docker/lint"));
    stand(lint.resolve("run.sh"), "echo lint >>" + calls);
    program("shellcheck", "echo shellcheck >>" + calls);
    program("mvn", "echo mvn \"$@\" >>" + calls, ">target/adaptseg-spark-1-job.jar");
  }

  private static Path onThisMachine(String program) {
    for (String place : List.of("/usr/bin", "/bin")) {
      if (Files.isExecutable(Path.of(place, program))) {
        return Path.of(place, program);
      }
    }
    throw new IllegalStateException(
        "Cannot test: expected " + program + " in /usr/bin, found none");
  }

  private void program(String name, String... lines) throws IOException {
    stand(bin.resolve(name), lines);
  }

  private static void stand(Path file, String... lines) throws IOException {
    Files.writeString(file, "#!/bin/bash\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ended run(Map<String, String> environment, String... command) {
    Map<String, String> all = new LinkedHashMap<>(Map.of("PATH", bin.toString(), "CI", ""));
    all.putAll(environment);
    List<String> words = new ArrayList<>(List.of(command));
    words.set(0, directory.resolve(words.get(0)).toString());
    return ChildProcess.script(all, words).run(directory, LIMIT);
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(calls);
  }

  @Test
  void withEverythingThereItTestsAndLintsAndInstallsNothing() throws IOException {
    Ended ended = run(Map.of(), "jobs/test.sh");

    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(calls()).containsExactlyInAnyOrder("shellcheck", "lint", "mvn -B -ntp verify");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).doesNotContain("Missing");
  }

  @Test
  void ciRunsTheTestsOfNewerHadoopToo() throws IOException {
    Ended ended = run(Map.of(), ".ci/run");

    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(calls())
        .containsExactlyInAnyOrder(
            "shellcheck",
            "lint",
            "mvn -B -ntp cyclonedx:makeBom@default checkstyle:check@default"
                + " javadoc:javadoc-no-fork@default spotless:check@default",
            "mvn -B -ntp verify -Dbom.skip -Dcheckstyle.skip -Dmaven.javadoc.skip"
                + " -Dspotless.check.skip",
            "mvn -B -ntp test -Dgroups=s3 -Phadoop-3.4 " + SAME_CLASSES);
  }

  @Test
  void whatALinterSaysIsShownAndFailsIt() throws IOException {
    program("shellcheck", "echo SC2086", "exit 1");

    Ended ended = run(Map.of(), "jobs/test.sh");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).endsWith("SC2086\n");
  }

  @Test
  void whatACheckOfStyleSaysIsShownAndFailsIt() throws IOException {
    program("mvn", "case $* in *checkstyle:*) echo too long; exit 1 ;; esac");

    Ended ended = run(Map.of(), ".ci/run");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).endsWith("too long\n");
  }

  @Test
  void withoutRootItNamesWhatIsMissingAndRunsTheRest() throws IOException {
    Files.delete(bin.resolve("chromium"));
    Files.delete(bin.resolve("shellcheck"));

    Ended ended = run(Map.of(), "jobs/test.sh");

    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(calls()).containsExactlyInAnyOrder("lint", "mvn -B -ntp verify");
    assertThat(ended.err())
        .contains(
            "sudo apt-get install -y --no-install-recommends chromium fonts-dejavu-core shellcheck");
    assertThat(ended.out())
        .contains("Missing:")
        .contains("Chromium; left out: the test that opens the report in it")
        .contains("ShellCheck; left out: the linter of scripts");
  }

  @Test
  void theReasonsOfTestsThatWereLeftOutAreRepeated() throws IOException {
    program(
        "mvn",
        ">target/adaptseg-spark-1-job.jar",
        "echo 'Cannot open a page' >>target/left-out.txt",
        "echo 'Cannot open a page' >>target/left-out.txt");

    assertThat(run(Map.of(), "jobs/test.sh").out())
        .endsWith("  Test left out: Cannot open a page\n");
  }

  @Test
  void inCiNothingMayBeLeftOut() throws IOException {
    Files.delete(bin.resolve("npm"));

    Ended ended = run(Map.of(), ".ci/run");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("npm; left out: the linters of Dockerfiles");
    assertThat(ended.err()).contains("Cannot test: with CI=true nothing may be left out");
    assertThat(calls()).isEmpty();
  }

  @Test
  void withSudoItInstallsAndSaysSo() throws IOException {
    Files.move(bin.resolve("mvn"), directory.resolve("mvn"));
    Files.delete(bin.resolve("chromium"));
    program("sudo", "[ \"$1\" = -n ] && shift && exec \"$@\"");
    program("apt-cache", "[ \"$2\" = chromium ] || echo '  Candidate: 1.0'");
    program(
        "apt-get",
        "echo apt-get \"$@\" >>" + calls,
        "[ \"$1\" = update ] || mv " + directory.resolve("mvn") + " " + bin);

    Ended ended = run(Map.of(), "jobs/test.sh");

    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(calls())
        .startsWith(
            "apt-get update -q",
            "apt-get install -y -q --no-install-recommends maven fonts-dejavu-core")
        .contains("shellcheck", "lint", "mvn -B -ntp verify")
        .hasSize(5);
    assertThat(ended.err())
        .contains("Installing: sudo apt-get install -y --no-install-recommends maven")
        .contains("This machine's sources of packages have no chromium.");
    assertThat(ended.out()).contains("Chromium; left out:");
  }

  @Test
  void withoutMavenNothingCanBeTested() throws IOException {
    Files.delete(bin.resolve("mvn"));

    Ended ended = run(Map.of(), "jobs/test.sh");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err())
        .contains("Cannot build: expected a JDK 17 and Maven, missing are maven");
  }

  @Test
  void theDemoNamesTheCommandThatInstallsWhatIsMissing() throws IOException {
    Files.delete(bin.resolve("mvn"));

    Ended ended = run(Map.of(), "jobs/local.sh", "demo");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err())
        .contains("Cannot build: expected a JDK 17 and Maven, missing are maven")
        .contains("jobs/local.sh --install demo")
        .contains("sudo apt-get install -y --no-install-recommends maven");
  }

  @Test
  void aScriptThatAnotherShellIsGivenGoesOnInBash() throws IOException {
    Files.delete(bin.resolve("mvn"));

    Ended ended = run(Map.of(), "/bin/sh", directory.resolve("jobs/local.sh").toString(), "demo");

    assertThat(ended.err()).startsWith("Building the job jar").contains("missing are maven");
  }

  @Test
  void aJavaThatDoesNotFitIsPassedOverUnlessItIsNamed() throws IOException {
    Files.delete(bin.resolve("mvn"));
    program("java", "echo 'openjdk version \"25.0.1\" 2025-10-21' >&2");
    Map<String, String> options = Map.of("JAVA_TOOL_OPTIONS", "-Dof=everyone");

    assertThat(run(options, "jobs/local.sh", "demo").err())
        .contains("expected a JDK 17 and Maven, missing are maven (");
    assertThat(run(Map.of("JAVA_HOME", directory.toString()), "jobs/local.sh", "demo").err())
        .contains("Cannot start: expected Java 17 to 22, found 25 (" + directory + "/bin/java)")
        .contains("sudo apt-get install -y --no-install-recommends openjdk-17-jdk-headless");
    assertThat(run(Map.of("JAVA_HOME", "/usr/bin"), "jobs/local.sh", "demo").err())
        .contains("expected the directory of a JDK in JAVA_HOME, found no /usr/bin/bin/java");
  }

  @Test
  void theDemoInstallsWhatIsMissingIfAsked() throws IOException {
    Files.move(bin.resolve("mvn"), directory.resolve("mvn"));
    program("sudo", "[ \"$1\" = -n ] && shift && exec \"$@\"");
    program("apt-cache", "echo '  Candidate: 1.0'");
    program("apt-get", "[ \"$1\" = update ] || mv " + directory.resolve("mvn") + " " + bin);

    Ended ended = run(Map.of(), "jobs/local.sh", "--install", "demo");

    assertThat(ended.err()).contains("Installing: sudo apt-get install").contains("maven");
    assertThat(calls()).contains("mvn -B -q package -DskipTests");
  }

  @Test
  void whatCannotBeInstalledIsNamed() throws IOException {
    Files.delete(bin.resolve("mvn"));

    Ended ended = run(Map.of(), "jobs/local.sh", "--install", "demo");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err())
        .contains("Cannot install what building needs")
        .contains("by hand: sudo apt-get install -y --no-install-recommends maven");
  }
}
