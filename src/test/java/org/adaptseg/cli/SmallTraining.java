package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.JavaCommand;
import org.adaptseg.testing.ProgramProcess;
import org.adaptseg.testing.Starts;
import org.adaptseg.testing.TinyRun;

/** Runs of small networks on drawn streets, of seconds each, through the program itself. */
final class SmallTraining {
  /** Iterations of the run; two a round, and a checkpoint every four. */
  static final int ITERATIONS = 16;

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static Path reference;

  private SmallTraining() {}

  /** Writes the configuration below a directory and returns its file. */
  static Path configuration(Path directory) {
    String splits = "{train: {count: 32, offset: %d}, val: {count: 2, offset: %d}}";
    String classes = "[road, sidewalk, building, vegetation, sky, person, car, pole]";
    String dataset = "kind: synthetic\nname: %s\nappearance: %s\nsplits: %s\nclasses: %s\n";
    String source = dataset.formatted("a", "source", splits.formatted(0, 100), classes);
    String target = dataset.formatted("b", "target", splits.formatted(200, 300), classes);
    String domain = "{dataset: '%s', split: %s, width: 32, height: 32}";
    Path a = directory.resolve("a.yaml");
    Path b = directory.resolve("b.yaml");
    String text =
        """
        run: {name: tiny, seed: 5}
        schedule: {phases: [{phase: adversarial, iterations: %d}]}
        output: {dir: '%s', checkpoint-interval: 4, keep-checkpoints: 3}
        data: {classes: synthetic-8, source: %s, target: %s, evaluation: %s}
        model: {layers: [1, 1, 1, 1], base-width: 4, head-rates: [1, 2], discriminator-width: 4}
        cluster: {workers: 2, scaling: work, threads-per-worker: %s, averaging-interval: 2, slices: 2}
        evaluation: {interval: 0}
        """
            .formatted(
                ITERATIONS,
                directory.resolve("run"),
                domain.formatted(a, "train"),
                domain.formatted(b, "train"),
                domain.formatted(b, "val"),
                TinyRun.THREADS);
    Path file = directory.resolve("run.yaml");
    try {
      Files.createDirectories(directory);
      Files.writeString(a, source);
      Files.writeString(b, target);
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  /** Arguments of a training, with further ones. */
  static List<String> train(Path directory, String... more) {
    List<String> arguments = new ArrayList<>(List.of("train", "--config"));
    arguments.add(configuration(directory).toString());
    arguments.addAll(List.of(more));
    return arguments;
  }

  /**
   * The program in a JVM of its own, whose class path is that of the tests; one thread a worker, so
   * that two workers do not wait for each other on two processors.
   */
  static JavaCommand process(Map<String, String> settings, List<String> arguments) {
    Map<String, String> all = new TreeMap<>(settings);
    all.putIfAbsent("spark.ui.enabled", "false");
    all.putIfAbsent("spark.master", "local[2]");
    List<String> single = new ArrayList<>(arguments);
    single.addAll(List.of("--set", "cluster.threads-per-worker=1"));
    return ProgramProcess.withTests(single).properties(all).environment("OMP_NUM_THREADS", "1");
  }

  /** Runs such a process to its good end. */
  static Ended finish(JavaCommand builder, Path logs) {
    try (ChildProcess process = builder.start(logs)) {
      Ended ended = process.await(LIMIT);
      assertThat(ended.code()).as("%s%n%s", ended.out(), ended.err()).isZero();
      return ended;
    }
  }

  /** Runs a command in this JVM, with settings of Spark. */
  static Ended run(Map<String, String> settings, List<String> arguments) {
    Map<String, String> all = new TreeMap<>(settings);
    all.putIfAbsent("spark.ui.enabled", "false");
    all.putIfAbsent("spark.master", "local[2]");
    all.forEach(System::setProperty);
    try {
      return ProgramRun.of(arguments);
    } finally {
      all.keySet().forEach(System::clearProperty);
    }
  }

  /** As {@link #run}, and the command must succeed. */
  static Ended succeed(Map<String, String> settings, List<String> arguments) {
    Ended ended = run(settings, arguments);
    assertThat(ended.code()).as("%s%n%s", ended.out(), ended.err()).isZero();
    return ended;
  }

  /** Settings for executors in JVMs of their own, which take this JVM's class path. */
  @Starts
  static Map<String, String> executors(String master, Path local) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("spark.master", master);
    settings.putAll(ProgramProcess.executors());
    settings.put("spark.executor.memory", "512m");
    settings.put("spark.local.dir", local.toString());
    // Two processes of two threads on two processors: they must not wait by spinning.
    settings.put("spark.executorEnv.OMP_WAIT_POLICY", "passive");
    try {
      Files.createDirectories(local);
      Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return settings;
  }

  /** The directory of an undisturbed run, made once; not to be written to. */
  static synchronized Path reference() {
    if (reference == null) {
      try {
        Path directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "tiny-");
        succeed(Map.of(), train(directory));
        reference = directory.resolve("run");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return reference;
  }

  /** SHA-256 of every vector of every checkpoint of a run, by the file's path. */
  static Map<String, String> vectors(Path run) {
    Map<String, String> hashes = new TreeMap<>();
    Path checkpoints = run.resolve("checkpoints");
    try (Stream<Path> files = Files.walk(checkpoints)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".f32")).toList()) {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        hashes.put(checkpoints.relativize(file).toString(), HexFormat.of().formatHex(digest));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    return hashes;
  }

  /** Copies the reference into {@code directory/run}, without checkpoints after an iteration. */
  static Path copyOfReference(Path directory, int lastIteration) {
    Path from = reference();
    Path to = directory.resolve("run");
    try {
      Files.walkFileTree(
          from,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
                throws IOException {
              String name = path.getFileName().toString();
              if (name.startsWith("iteration-")
                  && Integer.parseInt(name.substring(10)) > lastIteration) {
                return FileVisitResult.SKIP_SUBTREE;
              }
              Files.createDirectories(to.resolve(from.relativize(path).toString()));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
                throws IOException {
              Files.copy(path, to.resolve(from.relativize(path).toString()));
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return to;
  }
}
