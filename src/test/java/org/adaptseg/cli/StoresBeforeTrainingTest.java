package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.data.streets.StreetDomain;
import org.adaptseg.data.streets.SyntheticWriter;
import org.adaptseg.data.streets.SyntheticWriter.Streets;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.ProgramProcess;
import org.adaptseg.testing.S3Server;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is wrong with a store is found before training starts, with S3A's own numbers of retries.
 */
@Tag("cluster")
@Tag("s3")
@Tag("slow")
class StoresBeforeTrainingTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String SOURCE = "s3a://probed-source/straßen süd 1/gta5";
  private static final String TARGET = "s3a://probed-target/straßen 2/cityscapes";

  @TempDir private static Path directory;
  private static S3Server server;
  private static Path config;

  private final Map<String, String> properties = new HashMap<>();

  private record Outcome(int code, String err, Duration time) {}

  @BeforeAll
  static void start() throws IOException {
    server = S3Server.start(directory, "probed-source", "probed-target", "probed-runs");
    Configuration hadoop = server.hadoop();
    SyntheticWriter writer = new SyntheticWriter(hadoop, 1, 64, 32);
    writer.writeGta5(SOURCE, new Streets(StreetDomain.SOURCE.appearance(), 0, 3));
    Streets target = new Streets(StreetDomain.TARGET.appearance(), 0, 2);
    writer.writeCityscapes(TARGET, target, target);
    config = directory.resolve("run.yaml");
    Files.writeString(
        config,
        """
        run: {name: probed}
        schedule: {phases: [{phase: adversarial, iterations: 2}]}
        output: {dir: "s3a://probed-runs/läufe/run 1"}
        data:
          classes: synthetic-8
          source: {dataset: gta5, root: "%s", split: all, width: 64, height: 32}
          target: {dataset: cityscapes, root: "%s", split: train, width: 64, height: 32}
          evaluation: {dataset: cityscapes, root: "%s", split: val, width: 64, height: 32}
        model: {layers: [1, 1, 1, 1], base-width: 4, discriminator-width: 4}
        cluster: {threads-per-worker: 1}
        """
            .formatted(SOURCE, TARGET, TARGET));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void clear() {
    properties.keySet().forEach(System::clearProperty);
  }

  @Test
  void nothingIsWrongWithTheStoresOfTheseTests() throws IOException {
    Outcome outcome = train(List.of("--dry-run"));
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(server.buckets().resolve("probed-runs")).isEmptyDirectory();
  }

  @Test
  void aWrongSecret() throws IOException {
    properties.put("spark.hadoop.fs.s3a.secret.key", "wrong");
    assertRefused(train(List.of()), SOURCE, "data.source.root", "403 SignatureDoesNotMatch");
  }

  @Test
  void aWrongKey() throws IOException {
    properties.put("spark.hadoop.fs.s3a.access.key", "wrong");
    assertRefused(train(List.of()), TARGET, "data.target.root", "403 InvalidAccessKeyId");
  }

  @Test
  void aMissingBucket() throws IOException {
    String root = "s3a://probed-nowhere/gta5";
    assertRefused(
        train(List.of("--set", "data.source.root=" + root)),
        root,
        "data.source.root",
        "404 NoSuchBucket");
  }

  @Test
  void aMissingDirectory() throws IOException {
    String root = "s3a://probed-source/straßen nord";
    assertRefused(
        train(List.of("--set", "data.source.root=" + root)),
        root,
        "data.source.root",
        "found none");
  }

  @Test
  void aMissingObject() throws IOException {
    String root = "s3a://probed-source/lückenhaft/gta5";
    Streets two = new Streets(StreetDomain.SOURCE.appearance(), 0, 2);
    new SyntheticWriter(server.hadoop(), 1, 64, 32).writeGta5(root, two);
    var label = new org.apache.hadoop.fs.Path(root + "/labels/00002.png");
    try (FileSystem files = FileSystem.newInstance(label.toUri(), server.hadoop())) {
      assertThat(files.delete(label, false)).isTrue();
    }
    assertRefused(
        train(List.of("--set", "data.source.root=" + root)),
        "labels/00002.png",
        "data.source",
        root);
  }

  @Test
  void aForbiddenWrite() throws IOException {
    Path base = directory.resolve("read-only");
    Map<String, String> readOnly = Map.of("s3proxy.read-only-blobstore", "true");
    try (S3Server other = S3Server.start(base, readOnly, "probed-read-only")) {
      properties.put("spark.hadoop.fs.s3a.bucket.probed-read-only.endpoint", other.endpoint());
      String output = "s3a://probed-read-only/runs/1";
      assertRefused(
          train(List.of("--set", "output.dir=" + output)), output, "output.dir", "read-only");
    }
  }

  @Test
  void aServerThatDoesNotListen() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    properties.put("spark.hadoop.fs.s3a.endpoint", "http://127.0.0.1:" + port);
    assertRefused(train(List.of()), SOURCE, "data.source.root", "data.target.root", "output.dir");
  }

  @Test
  void aServerThatNeverAnswers() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      properties.put("spark.hadoop.fs.s3a.endpoint", "http://127.0.0.1:" + socket.getLocalPort());
      assertRefused(train(List.of()), SOURCE, "data.source.root", "output.dir");
    }
  }

  @Test
  void classesOfTheEvaluationThatAreNotThere() throws IOException {
    String classes = "s3a://probed-runs/klassen.yaml";
    Outcome outcome = train(List.of("--set", "evaluation.classes=" + classes));
    assertThat(outcome.err()).contains("evaluation.classes: ", classes, "found none");
    assertThat(outcome.code()).isEqualTo(Main.BAD_USAGE);
    assertThat(outcome.time()).isLessThan(LIMIT);
  }

  @Test
  void inputOfAPredictionThatIsNotThere() throws IOException {
    for (String input : List.of(SOURCE + "/bilder", "s3a://probed-nowhere/bilder")) {
      assertRefused(predict(input), "--input: expected", input);
    }
  }

  @Test
  void inputOfAPredictionThatMayNotBeRead() throws IOException {
    properties.put("spark.hadoop.fs.s3a.bucket.probed-source.secret.key", "wrong");
    for (String input : List.of(SOURCE + "/images", SOURCE + "/images/00001.png")) {
      assertRefused(predict(input), "--input: expected", "403 SignatureDoesNotMatch", input);
    }
  }

  @Test
  void inputOfAPredictionThatIsThereIsNoProblem() throws IOException {
    for (String input : List.of(SOURCE + "/images", SOURCE + "/images/00001.png")) {
      // The run has no checkpoint yet.
      assertThat(predict(input).err()).contains("the checkpoints").doesNotContain("--input");
    }
  }

  @Test
  void theProcessEndsWithOneAndSaysItOnce() {
    Map<String, String> wrong = new HashMap<>(server.spark());
    wrong.put("spark.hadoop.fs.s3a.secret.key", "wrong");
    try (ChildProcess process =
        ProgramProcess.classes(List.of("train", "--config", config.toString()))
            .properties(wrong)
            .start(directory)) {
      Ended ended = process.await(Duration.ofMinutes(2));
      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.err()).containsOnlyOnce("data.source.root").doesNotContain("\tat ");
    }
  }

  private Outcome train(List<String> more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("train", "--config", config.toString()));
    arguments.addAll(more);
    return run(arguments);
  }

  private Outcome predict(String input) throws IOException {
    String output = "s3a://probed-runs/vorhersagen";
    return run(
        List.of("predict", "--config", config.toString(), "--input", input, "--output", output));
  }

  private Outcome run(List<String> arguments) {
    Map<String, String> all = new HashMap<>(server.spark());
    all.putAll(properties);
    properties.putAll(all);
    properties.forEach(System::setProperty);
    long begin = System.nanoTime();
    Ended ended = ProgramRun.of(arguments);
    Duration time = Duration.ofNanos(System.nanoTime() - begin);
    return new Outcome(ended.code(), ended.err(), time);
  }

  private static void assertRefused(Outcome outcome, String... parts) {
    assertThat(outcome.err()).startsWith("Cannot ").contains(parts);
    assertThat(outcome.err()).doesNotContain(S3Server.SECRET_KEY);
    assertThat(outcome.code()).isEqualTo(Main.FAILURE);
    assertThat(outcome.time()).isLessThan(LIMIT);
    assertThat(SparkSession.getDefaultSession().isDefined()).as("Spark was started").isFalse();
  }
}
