package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.adaptseg.data.SyntheticWriter;
import org.adaptseg.data.SyntheticWriter.Streets;
import org.adaptseg.data.streets.StreetDomain;
import org.adaptseg.testing.JavaProcess;
import org.adaptseg.testing.ProgramProcess;
import org.adaptseg.testing.S3Server;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job from its configuration to its scores with everything in buckets of a real S3 server, and
 * the same job on local files: the store changes no bit.
 */
@Tag("cluster")
class WholeJobOnS3Test {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The least that S3 lets a part be. */
  private static final String PART = String.valueOf(5 << 20);

  @TempDir private static Path directory;
  private static S3Server server;

  @BeforeAll
  static void start() {
    server = S3Server.start(directory, "job-source", "job-target", "job-runs");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void trainsEvaluatesAndResumesInBucketsAsOnLocalFiles() throws IOException {
    String local = "file:" + directory.resolve("local");
    Map<String, String> expected = job(local + "/source", local + "/target", local + "/runs");

    String runs = "s3a://job-runs/läufe von heute";
    Map<String, String> found =
        job("s3a://job-source/GTA 5 (kopie)", "s3a://job-target/straßen süd", runs);
    assertThat(found).isEqualTo(expected);

    // The generator's parameters are more than one part.
    String parameters = runs + "/run 1/checkpoints/iteration-0000006/generator.parameters.f32";
    var path = new org.apache.hadoop.fs.Path(parameters);
    try (FileSystem files = FileSystem.newInstance(path.toUri(), server.hadoop())) {
      String tag = ((EtagSource) files.getFileStatus(path)).getEtag();
      assertThat(tag.replace("\"", "")).matches("[0-9a-f]+-[2-9]");
    }
  }

  /** Trains two rounds, evaluates, resumes for a third; what it leaves, by name. */
  private Map<String, String> job(String source, String target, String runs) throws IOException {
    writeStreets(source, target);
    String run = runs + "/run 1";
    String config = runs + "/experiments/klein.yaml";
    write(runs + "/experiments/gta5 süd.yaml", gta5());
    write(config, config(runs + "/experiments/gta5 süd.yaml", source, target, run));

    program("train", "--config", config);
    String scores = runs + "/scores nach 4.json";
    program("evaluate", "--config", config, "--json", scores);
    Map<String, String> left = new TreeMap<>();
    left.put("confusion", JSON.readTree(read(scores)).get("confusion").toString());
    hashes(run, 4, left);
    program("train", "--config", config, "--set", "schedule.phases.0.iterations=6", "--resume");
    hashes(run, 6, left);
    assertThat(read(run + "/scores.json")).contains("miou");
    assertThat(read(run + "/config.yaml")).contains("klein");
    return left;
  }

  private static void writeStreets(String source, String target) throws IOException {
    SyntheticWriter writer = new SyntheticWriter(hadoop(), 1, 64, 32);
    writer.writeGta5(source, new Streets(StreetDomain.SOURCE.appearance(), 0, 4));
    Streets streets = new Streets(StreetDomain.TARGET.appearance(), 0, 4);
    writer.writeCityscapes(target, streets, streets);
    // Names of objects as people give them, not only of folders.
    for (String kind : List.of("images", "labels")) {
      var from = new org.apache.hadoop.fs.Path(source, kind + "/00004.png");
      var to = new org.apache.hadoop.fs.Path(source, kind + "/straße 4+ü.png");
      try (FileSystem files = FileSystem.newInstance(from.toUri(), hadoop())) {
        assertThat(files.rename(from, to)).isTrue();
      }
    }
  }

  private static String gta5() throws IOException {
    return Files.readString(Path.of("src/main/resources/datasets/gta5.yaml"));
  }

  private static String config(String dataset, String source, String target, String run) {
    return """
    run: {name: klein, seed: 5}
    schedule: {phases: [{phase: adversarial, iterations: 4}]}
    output: {dir: "%s", checkpoint-interval: 2, keep-checkpoints: 5}
    data:
      classes: synthetic-8
      source: {dataset: "%s", root: "%s", split: all, width: 64, height: 32}
      target: {dataset: cityscapes, root: "%s", split: train, width: 64, height: 32}
      evaluation: {dataset: cityscapes, root: "%s", split: val, width: 64, height: 32}
    model: {layers: [1, 1, 1, 1], base-width: 32, discriminator-width: 4}
    cluster: {workers: 2, threads-per-worker: 1, averaging-interval: 2, slices: 3}
    evaluation: {interval: 0}
    """
        .formatted(run, dataset, source, target, target);
  }

  private static void program(String... arguments) {
    Map<String, String> settings = new HashMap<>(server.spark());
    settings.put("spark.hadoop.fs.s3a.multipart.size", PART);
    settings.put("spark.hadoop.fs.s3a.multipart.threshold", PART);
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.local.dir", directory.resolve("scratch").toString());
    try (JavaProcess process =
        ProgramProcess.classes(List.of(arguments))
            .properties(settings)
            .environment("OMP_NUM_THREADS", "1")
            .start(directory)) {
      JavaProcess.Ended ended = process.await(LIMIT);
      assertThat(ended.code()).as(ended.err()).isZero();
    }
  }

  private static void hashes(String run, int iteration, Map<String, String> into)
      throws IOException {
    String file = "%s/checkpoints/iteration-%07d/state.json".formatted(run, iteration);
    for (JsonNode vector : JSON.readTree(read(file)).get("vectors")) {
      into.put(iteration + " " + vector.get("name").asText(), vector.get("sha256").asText());
    }
  }

  private static Configuration hadoop() {
    return server.hadoop();
  }

  private static void write(String uri, String text) throws IOException {
    var path = new org.apache.hadoop.fs.Path(uri);
    try (FileSystem files = FileSystem.newInstance(path.toUri(), hadoop());
        OutputStream out = files.create(path, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String read(String uri) throws IOException {
    var path = new org.apache.hadoop.fs.Path(uri);
    try (FileSystem files = FileSystem.newInstance(path.toUri(), hadoop());
        InputStream in = files.open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
