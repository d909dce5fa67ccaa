package org.adaptseg.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The images: what goes into them, and, where there is an engine for it, what they become. Linters
 * of the Dockerfiles run in {@code docker/lint/run.sh}.
 */
@Tag("cluster")
@Tag("slow")
class DockerfilesIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(10);

  @TempDir static Path directory;

  /** By a docker that only writes down what it is asked for. */
  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu"})
  void theScriptGathersEveryFileThatIsCopied(String kind) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path asked = directory.resolve("asked");
    Path docker = bin.resolve("docker");
    Files.writeString(docker, "#!/bin/sh\nprintf '%s\\n' \"$@\" >'" + asked + "'\n");
    Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
    Map<String, String> environment =
        Map.of(
            "PATH",
            bin + ":" + System.getenv("PATH"),
            "ADAPTSEG_JOB_JAR",
            System.getProperty("job.jar"));

    Ended ended =
        ChildProcess.script(environment, List.of("docker/build.sh", kind, "registry/name:tag"))
            .run(directory, LIMIT);

    assertThat(ended.code()).as(ended.all()).isZero();
    String dockerfile = Path.of("docker", "Dockerfile." + kind).toAbsolutePath().toString();
    assertThat(Files.readAllLines(asked))
        .containsExactly(
            "build",
            "--file",
            dockerfile,
            "--tag",
            "registry/name:tag",
            Path.of("").toAbsolutePath().toString());
    assertThat(copied(Path.of(dockerfile))).isNotEmpty().allMatch(Files::exists, "is there");
    try (Stream<Path> jars = Files.list(Path.of("target", "docker", "jars"))) {
      assertThat(jars.map(jar -> jar.getFileName().toString()))
          .anyMatch(name -> name.startsWith("hadoop-aws-"))
          .anyMatch(name -> name.startsWith("aws-java-sdk-bundle-"))
          .anyMatch(name -> name.startsWith("spark-hadoop-cloud_2.12-"));
    }
  }

  /** Where no engine answers or it cannot get the images below, there is nothing to be tested. */
  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu"})
  void anEngineBuildsAnImageThatStartsTheProgram(String kind) throws IOException {
    if (!isEngineThere() || !areBasesThere(kind)) {
      System.out.println("No engine for docker/Dockerfile." + kind + ": not built");
      return;
    }
    String tag = "adaptseg-spark-test:" + kind;
    Ended built =
        ChildProcess.script(
                Map.of("ADAPTSEG_JOB_JAR", System.getProperty("job.jar")),
                List.of("docker/build.sh", kind, tag))
            .run(directory, BUILD_LIMIT);
    assertThat(built.code()).as(built.all()).isZero();

    Ended started = run(LIMIT, "docker", "run", "--rm", tag, "adaptseg", "--version");
    run(LIMIT, "docker", "image", "rm", tag);

    assertThat(started.code()).as(started.all()).isZero();
    assertThat(started.out()).contains("adaptseg");
  }

  private static boolean isEngineThere() {
    try {
      return run(LIMIT, "docker", "info").code() == 0;
    } catch (UncheckedIOException e) {
      return false; // no such program
    }
  }

  private static boolean areBasesThere(String kind) throws IOException {
    for (String line : Files.readAllLines(Path.of("docker", "Dockerfile." + kind))) {
      if (line.startsWith("FROM ")
          && run(BUILD_LIMIT, "docker", "pull", "--quiet", line.split(" ")[1]).code() != 0) {
        return false;
      }
    }
    return true;
  }

  /** The files and directories of this machine that a Dockerfile copies. */
  private static List<Path> copied(Path dockerfile) throws IOException {
    List<Path> copied = new ArrayList<>();
    for (String line : Files.readAllLines(dockerfile)) {
      if (line.startsWith("COPY ") && !line.contains("--from=")) {
        List<String> words = List.of(line.split(" +"));
        words.subList(1, words.size() - 1).forEach(word -> copied.add(Path.of(word)));
      }
    }
    return copied;
  }

  private static Ended run(Duration limit, String... command) {
    return ChildProcess.script(Map.of(), List.of(command)).run(directory, limit);
  }
}
