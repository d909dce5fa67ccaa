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
import org.adaptseg.data.streets.StreetDomain;
import org.adaptseg.data.streets.SyntheticWriter;
import org.adaptseg.data.streets.SyntheticWriter.Streets;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.JavaCommand;
import org.adaptseg.testing.ProgramProcess;
import org.adaptseg.testing.TinyRun;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * The job from its configuration to its scores, with everything on one file system. The training in
 * parts begins in a process of its own, as users start it.
 *
 * @param hadoop how the test itself reaches the file system
 * @param settings of Spark, how the program does
 * @param environment of the process, in which it finds credentials that are left out of the
 *     settings
 * @param baseWidth of the generator, by which its files are small or large
 * @param directory local, for logs and scratch space
 */
record WholeJob(
    Configuration hadoop,
    Map<String, String> settings,
    Map<String, String> environment,
    int baseWidth,
    Path directory) {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Where the job's things are, each a URI. */
  record Places(String source, String target, String runs) {
    String config() {
      return runs + "/experiments/klein.yaml";
    }

    String dataset() {
      return runs + "/experiments/gta5 süd.yaml";
    }

    String classes() {
      return runs + "/experiments/wenige klassen.yaml";
    }

    String manifest() {
      return runs + "/manifests/quelle für alle";
    }

    String run() {
      return runs + "/run 1";
    }
  }

  /** Ingests the source, trains two rounds, evaluates, resumes for a third, predicts. */
  Map<String, String> inParts(Places at) throws IOException {
    write(at);
    program(
        "ingest",
        "--dataset",
        at.dataset(),
        "--root",
        at.source(),
        "--split",
        "all",
        "--output",
        at.manifest());
    String manifest = "data.source.manifest=" + at.manifest();
    alone("train", "--config", at.config(), "--set", manifest);
    String scores = at.runs() + "/scores nach 4.json";
    program("evaluate", "--config", at.config(), "--set", manifest, "--json", scores);
    assertThat(JSON.readTree(read(scores)).get("images").asInt()).isEqualTo(4);
    String six = "schedule.phases.0.iterations=6";
    program("train", "--config", at.config(), "--set", manifest, "--set", six, "--resume");
    predict(at);
    return result(at);
  }

  private void predict(Places at) throws IOException {
    String predictions = at.runs() + "/vorhersagen für später";
    String input = at.target() + "/leftImg8bit/val";
    program("predict", "--config", at.config(), "--input", input, "--output", predictions);
    assertThat(read(predictions + "/_SUCCESS")).isEmpty();
    String first = "/easttown/easttown_000000_000019_leftImg8bit.png";
    for (String kind : List.of("label-ids", "colours")) {
      assertThat(read(predictions + "/" + kind + first)).as(kind).contains("PNG");
    }
  }

  /** Trains the three rounds at once. */
  Map<String, String> atOnce(Places at) throws IOException {
    write(at);
    program("train", "--config", at.config(), "--set", "schedule.phases.0.iterations=6");
    return result(at);
  }

  /** Hashes of all that was learned, and what the evaluation at the end counted. */
  private Map<String, String> result(Places at) throws IOException {
    Map<String, String> result = new TreeMap<>();
    for (int iteration : List.of(2, 4, 6)) {
      String file = "%s/checkpoints/iteration-%07d/state.json".formatted(at.run(), iteration);
      for (JsonNode vector : JSON.readTree(read(file)).get("vectors")) {
        result.put(iteration + " " + vector.get("name").asText(), vector.get("sha256").asText());
      }
    }
    JsonNode scores = JSON.readTree(read(at.run() + "/scores.json"));
    result.put("confusion", scores.get("confusion").toString());
    assertThat(scores.get("protocol").asText()).isEqualTo("8-way head averaged over 2 (wenige)");
    assertThat(read(at.run() + "/config.yaml")).contains("klein");
    assertThat(read(at.run() + "/metrics.jsonl").lines()).hasSizeGreaterThan(6);
    assertThat(read(at.run() + "/report/index.html")).contains("klein", "</html>");
    return result;
  }

  private void write(Places at) throws IOException {
    SyntheticWriter writer = new SyntheticWriter(hadoop, 1, 64, 32);
    writer.writeGta5(at.source(), new Streets(StreetDomain.SOURCE.appearance(), 0, 4));
    Streets streets = new Streets(StreetDomain.TARGET.appearance(), 0, 4);
    writer.writeCityscapes(at.target(), streets, streets);
    // Names of files as people give them, not only of folders; the order stays.
    for (String kind : List.of("images", "labels")) {
      var from = new org.apache.hadoop.fs.Path(at.source(), kind + "/00004.png");
      var to = new org.apache.hadoop.fs.Path(at.source(), kind + "/straße 4+ü.png");
      try (FileSystem files = FileSystem.newInstance(from.toUri(), hadoop)) {
        assertThat(files.rename(from, to)).isTrue();
      }
    }
    write(at.dataset(), Files.readString(Path.of("src/main/resources/datasets/gta5.yaml")));
    write(
        at.classes(),
        """
        name: wenige
        classes:
          - {name: road, rgb: [128, 64, 128]}
          - {name: car, rgb: [0, 0, 142]}
        """);
    write(
        at.config(),
        """
        run: {name: klein, seed: 5}
        schedule: {phases: [{phase: adversarial, iterations: 4}]}
        output: {dir: "%s", checkpoint-interval: 2, keep-checkpoints: 5}
        data:
          classes: synthetic-8
          source: {dataset: "%s", root: "%s", split: all, width: 64, height: 32}
          target: {dataset: cityscapes, root: "%s", split: train, width: 64, height: 32}
          evaluation: {dataset: cityscapes, root: "%s", split: val, width: 64, height: 32}
        model: {layers: [1, 1, 1, 1], base-width: %d, discriminator-width: 4}
        cluster: {workers: 2, scaling: work, threads-per-worker: %s, averaging-interval: 2, slices: 3}
        evaluation: {interval: 0, classes: "%s"}
        """
            .formatted(
                at.run(),
                at.dataset(),
                at.source(),
                at.target(),
                at.target(),
                baseWidth,
                TinyRun.THREADS,
                at.classes()));
  }

  /** In this JVM, which has loaded all that it takes after the first time. */
  private void program(String... arguments) {
    SmallTraining.succeed(all(), List.of(arguments));
  }

  private void alone(String... arguments) {
    Map<String, String> all = all();
    if (!environment.isEmpty()) {
      all.keySet()
          .removeIf(name -> name.matches("spark\\.hadoop\\.fs\\.s3a\\.(access|secret)\\.key"));
    }
    JavaCommand builder =
        ProgramProcess.classes(List.of(arguments))
            .properties(all)
            .environment("OMP_NUM_THREADS", TinyRun.THREADS);
    environment.forEach(builder::environment);
    try (ChildProcess process = builder.start(directory)) {
      Ended ended = process.await(LIMIT);
      assertThat(ended.code()).as(ended.err()).isZero();
    }
  }

  private Map<String, String> all() {
    Map<String, String> all = new HashMap<>(settings);
    all.put("spark.ui.enabled", "false");
    all.put("spark.local.dir", directory.resolve("scratch").toString());
    return all;
  }

  private void write(String uri, String text) throws IOException {
    var path = new org.apache.hadoop.fs.Path(uri);
    try (FileSystem files = FileSystem.newInstance(path.toUri(), hadoop);
        OutputStream out = files.create(path, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private String read(String uri) throws IOException {
    var path = new org.apache.hadoop.fs.Path(uri);
    try (FileSystem files = FileSystem.newInstance(path.toUri(), hadoop);
        InputStream in = files.open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
