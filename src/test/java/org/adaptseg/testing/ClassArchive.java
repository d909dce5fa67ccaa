package org.adaptseg.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.adaptseg.data.store.Sha256;
import org.apache.commons.io.FileUtils;

/**
 * The classes that a training loads from the jars of the tests' class path, loaded and checked once
 * for all JVMs that tests start: a third of such a JVM's processor time is that. An archive of the
 * JVM's (class data sharing) holds them. It knows no folders of classes, so those come last in the
 * class path.
 */
final class ClassArchive {
  private static final Path FOLDER = Path.of("target", "class-archive").toAbsolutePath();
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final List<Path> ENTRIES =
      Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
          .map(entry -> Path.of(entry).toAbsolutePath())
          .toList();
  private static final List<String> WITHOUT = List.of();
  private static final int FEW = 2;

  private static List<String> options = WITHOUT;
  private static int asked;

  private ClassArchive() {}

  /** The jars of the tests' class path, then what is not in the archive, with tests or without. */
  static String classPath(boolean withTests) {
    Stream<Path> others = ENTRIES.stream().filter(entry -> !isJar(entry));
    return join(Stream.concat(jars(), others.filter(entry -> withTests || !holdsTests(entry))));
  }

  /**
   * Options of JVMs that have such a class path. Making the archive takes as long as it saves eight
   * of them, so the first few do without; so does who asks while another JVM makes it.
   */
  static synchronized List<String> options() {
    if (options.isEmpty()) {
      options = find(++asked > FEW);
    }
    return options;
  }

  private static List<String> find(boolean worthwhile) {
    try {
      Files.createDirectories(FOLDER);
      Path archive = FOLDER.resolve(key() + ".jsa");
      if (Files.exists(archive)) {
        return List.of("-XX:SharedArchiveFile=" + archive);
      }
      Path lock = FOLDER.resolve("lock");
      try (FileChannel channel =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.tryLock()) {
        if (held == null || !worthwhile) {
          return WITHOUT;
        }
        if (!Files.exists(archive)) {
          make(archive);
        }
      }
      return List.of("-XX:SharedArchiveFile=" + archive);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes with the jars and the JVM, whose archives no other could use. */
  private static String key() {
    String jars =
        jars()
            .map(jar -> jar + " " + jar.toFile().length() + " " + jar.toFile().lastModified())
            .collect(Collectors.joining("\n", System.getProperty("java.vm.version") + "\n", ""));
    return Sha256.of(jars.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  /**
   * Trains, and keeps what was loaded. Spark's launcher loads a job's jar by a class loader of its
   * own, which keeps our classes out: they change with every build.
   */
  @Starts
  private static void make(Path archive) throws IOException {
    for (File old : FOLDER.toFile().listFiles((folder, name) -> name.endsWith(".jsa"))) {
      Files.delete(old.toPath());
    }
    Path work = Files.createTempDirectory(FOLDER, "training-");
    Path made = work.resolve("made.jsa");
    try {
      List<String> arguments = new ArrayList<>();
      arguments.addAll(List.of("--class", ProgramProcess.MAIN, job(work).toString(), "train"));
      arguments.addAll(List.of("--config", Path.of("conf", "demo.yaml").toString()));
      for (String setting :
          List.of(
              "schedule.phases.0.iterations=2",
              "cluster.averaging-interval=1",
              "evaluation.interval=0",
              "output.checkpoint-interval=2",
              "output.dir=" + work.resolve("run"))) {
        arguments.addAll(List.of("--set", setting));
      }
      Ended ended =
          ProgramProcess.spark(join(jars()), "org.apache.spark.deploy.SparkSubmit", arguments)
              .options("-XX:ArchiveClassesAtExit=" + made)
              .properties(Map.of("spark.master", "local[2]", "spark.ui.enabled", "false"))
              .environment("OMP_NUM_THREADS", "1")
              .run(work, LIMIT);
      if (ended.code() != 0 || !Files.exists(made)) {
        throw new IllegalStateException("Cannot make an archive of classes:\n" + ended.all());
      }
      Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      FileUtils.deleteDirectory(work.toFile());
    }
  }

  /** A jar of the folders without tests. */
  private static Path job(Path work) throws IOException {
    Path job = work.resolve("job.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(job))) {
      for (Path folder : ENTRIES) {
        if (Files.isDirectory(folder) && !holdsTests(folder)) {
          try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
              zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
              Files.copy(file, zip);
            }
          }
        }
      }
    }
    return job;
  }

  private static boolean holdsTests(Path folder) {
    return Files.exists(folder.resolve("log4j2-test.properties"));
  }

  /** Of the repository; what the build makes or copies is not everywhere the same. */
  private static Stream<Path> jars() {
    return ENTRIES.stream().filter(ClassArchive::isJar);
  }

  private static boolean isJar(Path entry) {
    boolean built = entry.startsWith(Path.of("target").toAbsolutePath());
    return Files.isRegularFile(entry) && !built;
  }

  private static String join(Stream<Path> entries) {
    return entries.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
