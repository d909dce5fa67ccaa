package org.adaptseg.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The program as a user starts it: a JVM of its own with Spark's jars. Settings of Spark are system
 * properties, the number of OpenMP's threads a variable of the environment.
 */
public final class ProgramProcess {
  /** The options of short-lived JVMs as one of Spark's settings, for its executors and drivers. */
  public static final String SHORT_LIVED = String.join(" ", JavaCommand.SHORT_LIVED);

  static final String MAIN = "org.adaptseg.cli.Main";
  private static final Path JAVA_OPTIONS = Path.of("target", "classes", "java.options");

  private ProgramProcess() {}

  /** A command, from the compiled classes. */
  public static JavaCommand classes(List<String> arguments) {
    // Without the tests' own files, which set other log levels.
    return spark(ClassArchive.classPath(false), MAIN, arguments).options(archive());
  }

  /** A command, from the compiled classes, with those of the tests: file systems, listeners. */
  public static JavaCommand withTests(List<String> arguments) {
    return spark(ClassArchive.classPath(true), MAIN, arguments).options(archive());
  }

  /** The main class of a test's own, from the compiled classes. */
  static JavaCommand withTests(Class<?> mainClass, List<String> arguments) {
    return spark(ClassArchive.classPath(true), mainClass.getName(), arguments).options(archive());
  }

  /** Variables by which the scripts of {@code jobs/gpu} take the compiled classes. */
  public static Map<String, String> forScripts() {
    return Map.of(
        "ADAPTSEG_PROGRAM",
        ClassArchive.classPath(false),
        "ADAPTSEG_JAVA",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "ADAPTSEG_JAVA_OPTIONS_FILE",
        JAVA_OPTIONS.toAbsolutePath().toString());
  }

  /** Settings of Spark for executors in short-lived JVMs that have this JVM's class path. */
  @Starts
  public static Map<String, String> executors() {
    return Map.of(
        "spark.executor.extraClassPath",
        ClassArchive.classPath(true),
        "spark.executor.extraJavaOptions",
        executorOptions());
  }

  /** The second of these settings, for tests that add to it. */
  public static String executorOptions() {
    return Stream.concat(JavaCommand.SHORT_LIVED.stream(), Stream.of(archive()))
        .collect(Collectors.joining(" "));
  }

  private static String[] archive() {
    return ClassArchive.options().toArray(String[]::new);
  }

  /** A command, from the job jar; only where the build has made it ({@code *IT}). */
  public static JavaCommand jobJar(List<String> arguments) {
    return spark(jobJar() + File.pathSeparator + sparkClassPath(), MAIN, arguments);
  }

  /** A command, from the job jar, by spark-submit's main class with these options. */
  public static JavaCommand submit(List<String> options, List<String> arguments) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("--class", MAIN, jobJar().toString()));
    all.addAll(arguments);
    return spark(sparkClassPath(), "org.apache.spark.deploy.SparkSubmit", all);
  }

  /** A main class of Spark's, or of a program on Spark, with the module options that it needs. */
  public static JavaCommand spark(String classPath, String mainClass, List<String> arguments) {
    return JavaCommand.main(classPath, mainClass, arguments)
        .options("@" + JAVA_OPTIONS.toAbsolutePath(), "-Xmx1g")
        .environment("MALLOC_MMAP_THRESHOLD_", "1048576");
  }

  /** Spark's jars and S3A's client, which the build has copied. */
  public static String sparkClassPath() {
    return sparkHome().resolve("jars") + "/*" + File.pathSeparator + s3Client() + "/*";
  }

  /** A directory that Spark's launcher takes for an installation. */
  public static Path sparkHome() {
    return existing(Path.of(System.getenv("SPARK_HOME")));
  }

  /** The directory of S3A's client. */
  public static Path s3Client() {
    return Path.of(System.getProperty("s3.client"));
  }

  private static Path jobJar() {
    return existing(Path.of(System.getProperty("job.jar")));
  }

  private static Path existing(Path path) {
    if (!Files.exists(path)) {
      throw new IllegalStateException(
          "Cannot test: expected what the build makes, found none (" + path + ")");
    }
    return path;
  }
}
