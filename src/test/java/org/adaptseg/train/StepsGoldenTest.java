package org.adaptseg.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.Level;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.Sample;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.nn.GoldenNetworks;
import org.adaptseg.nn.Network;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("golden")
class StepsGoldenTest {
  /** Largest relative distances that are allowed, of losses and of tensors. */
  private record Bounds(double loss, double tensor) {
    static final Bounds FLOAT32 = new Bounds(1e-3, 1e-4);

    /**
     * Logits in training mode are off by up to 4 · 2^-8 · √26 of the largest (see
     * GeneratorGoldenTest), which means over all pixels mostly take out again. Parameters are
     * float32 and move little in an iteration; running means take in what a rounding is of a map.
     */
    static final Bounds BFLOAT16 = new Bounds(2e-2, 1.0 / 256);

    /**
     * Three bits more than bfloat16 has. Where rounding decides a gradient's sign, Adam's first
     * updates go the other way by as much in either, which later losses of discriminators show.
     */
    static final Bounds FLOAT16 = new Bounds(5e-3, 1.0 / 256);
  }

  private static final Pattern BRANCH = Pattern.compile("layer[56]\\.conv2d_list\\.(\\d)\\.weight");
  private static final Map<String, String> KEYS =
      Map.of(
          Losses.SEGMENTATION,
          "seg_",
          Losses.ADVERSARIAL,
          "adv_",
          Losses.DISCRIMINATOR,
          "d_",
          "entropy",
          "entropy_");

  /** Fields of a file that say what is computed; one that is not here must not be overlooked. */
  private static final Set<String> FIELDS =
      Set.of(
          "layers",
          "classes",
          "source",
          "target",
          "seed",
          "gan",
          "lambda",
          "iter_size",
          "total_iterations",
          "learning_rate",
          "learning_rate_d",
          "duplicate_updates",
          "updates",
          "discriminator_input",
          "head_rates",
          "adversarial",
          "lambda_entropy",
          "batch",
          "iterations");

  static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path file : GoldenTensors.files("steps*.json")) {
      Optional<String> excluded = excluded(GoldenNetworks.json(file));
      if (excluded.isPresent()) {
        System.err.printf("NOT COMPARED: %s: %s%n", file.getFileName(), excluded.get());
      } else {
        files.add(file);
      }
    }
    assertThat(files).as("files of which at least one can be run").isNotEmpty();
    return files;
  }

  /** What no configuration can say, field by field; of everything else a file is run or fails. */
  private static Optional<String> excluded(JsonNode golden) {
    return golden.path("duplicate_updates").asBoolean()
        ? Optional.of("duplicate_updates is the rule of PyTorch 2.13 (docs/decisions/0002)")
        : Optional.empty();
  }

  @Test
  void aFileIsLeftOutForTheseReasonsOnlyAndRefusedForAFieldThatNobodyKnows() throws IOException {
    assertThat(excluded(json("{'duplicate_updates': true}"))).isPresent();
    assertThat(excluded(json("{'batch': 2, 'duplicate_updates': false, 'crop': 7}"))).isEmpty();
    assertThatThrownBy(() -> config(json("{'batch': 1, 'crop': 7}"), "{}"))
        .hasMessageContaining("\"crop\"");
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }

  @ParameterizedTest
  @MethodSource("files")
  void lossesAndTensorsOfEveryIterationEqualTheGoldenOnes(Path file) throws IOException {
    checkFloat32(file, "auto");
  }

  @ParameterizedTest
  @MethodSource("files")
  void inBfloat16TheyEqualTheGoldenOnesWithinItsRounding(Path file) throws IOException {
    GoldenNetworks.assumeBfloat16();
    checkBfloat16(file, "auto");
  }

  /** Compares what an engine computes. */
  static void checkFloat32(Path file, String engine) throws IOException {
    check(file, cluster("float32", engine), Bounds.FLOAT32);
  }

  static void checkBfloat16(Path file, String engine) throws IOException {
    check(file, cluster("bfloat16", engine), Bounds.BFLOAT16);
  }

  static void checkFloat16(Path file, String engine) throws IOException {
    check(file, cluster("float16", engine), Bounds.FLOAT16);
  }

  private static String cluster(String precision, String engine) {
    return "{precision: %s, engine: %s, threads-per-worker: %s}"
        .formatted(precision, engine, TinyRun.THREADS);
  }

  private static void check(Path file, String cluster, Bounds bounds) throws IOException {
    JsonNode golden = GoldenNetworks.json(file);
    int classes = golden.get("classes").asInt();
    long seed = golden.get("seed").asLong();
    RunConfig config = config(golden, cluster);
    try (Networks networks = new Networks(config, classes)) {
      networks.initialize(0);
      GoldenNetworks.fill(networks.generator().network(), "G.", seed);
      GoldenNetworks.fill(networks.discriminator(Level.AUX).network(), "D1.", seed);
      GoldenNetworks.fill(networks.discriminator(Level.MAIN).network(), "D2.", seed);
      AdaptationStep step = new AdaptationStep(networks, config);
      int rates = config.model().headRates().size();
      GoldenSamples samples = new GoldenSamples(golden, seed, classes);
      for (int i = 0; i < golden.get("iterations").size(); i++) {
        JsonNode expected = golden.get("iterations").get(i);
        Losses losses = step.run(phase(golden), i, i + 1, samples);
        compare(losses, expected.get("losses"), i, bounds.loss());
        compare(networks.generator().network(), expected.get("G"), "G", i, rates, bounds);
        compare(
            networks.discriminator(Level.AUX).network(),
            expected.get("D1"),
            "D1",
            i,
            rates,
            bounds);
        compare(
            networks.discriminator(Level.MAIN).network(),
            expected.get("D2"),
            "D2",
            i,
            rates,
            bounds);
      }
    }
  }

  private static Phase phase(JsonNode golden) {
    return golden.path("adversarial").asBoolean(true) ? Phase.ADVERSARIAL : Phase.ENTROPY;
  }

  /** A JSON object as YAML writes it in one line. */
  private static String flow(JsonNode node) {
    return node.toString().replace("\"", "").replace(":", ": ");
  }

  private static RunConfig config(JsonNode g, String cluster) {
    Set<String> fields = new HashSet<>();
    g.fieldNames().forEachRemaining(fields::add);
    assertThat(FIELDS).containsAll(fields);
    JsonNode lambda = g.get("lambda");
    String domain = "{dataset: synthetic-target, split: val, width: %d, height: %d}";
    String source =
        domain.formatted(g.get("source").get(1).asInt(), g.get("source").get(0).asInt());
    String target =
        domain.formatted(g.get("target").get(1).asInt(), g.get("target").get(0).asInt());
    return ConfigLoader.load(
        """
        run: {name: golden}
        schedule: {phases: [{phase: %s, iterations: %d}]}
        output: {dir: unused}
        data: {classes: synthetic-8, source: %s, target: %s, evaluation: %s}
        model: {layers: %s, head-rates: %s}
        loss:
          gan: %s
          discriminator-input: %s
          segmentation-weight: {aux: %s, main: 1.0}
          adversarial-weight: {aux: %s, main: %s}
          entropy-weight: %s
        optimizer:
          generator: {learning-rate: %s, updates: %s}
          discriminator: {learning-rate: %s}
          decay: {total-iterations: %d}
          iter-size: %d
          batch-size: %d
        cluster: %s
        """
            .formatted(
                phase(g).key(),
                g.get("iterations").size(),
                source,
                target,
                target,
                g.get("layers"),
                g.path("head_rates").isMissingNode() ? "[6, 12]" : g.get("head_rates"),
                g.get("gan").asText(),
                g.path("discriminator_input").asText("softmax"),
                lambda.get("seg").asText(),
                lambda.get("adv1").asText(),
                lambda.get("adv2").asText(),
                g.path("lambda_entropy").isObject() ? flow(g.get("lambda_entropy")) : "{}",
                g.get("learning_rate").asText(),
                g.path("updates").asText("once"),
                g.get("learning_rate_d").asText(),
                g.get("total_iterations").asInt(),
                g.path("iter_size").asInt(1),
                g.path("batch").asInt(1),
                cluster),
        "golden",
        List.of());
  }

  private static final class GoldenSamples implements AdaptationStep.Samples {
    private final JsonNode golden;
    private final long seed;
    private final int classes;
    private final int batch;
    private int sources;
    private int targets;

    GoldenSamples(JsonNode golden, long seed, int classes) {
      this.golden = golden;
      this.seed = seed;
      this.classes = classes;
      this.batch = golden.path("batch").asInt(1);
    }

    /** Image {@code n} of the domain: of a batch, whose images are one tensor, its part. */
    private Image image(String domain, int n) {
      int h = golden.get(domain).get(0).asInt();
      int w = golden.get(domain).get(1).asInt();
      float[] all = GoldenTensors.unit(domain + "." + n / batch, seed, batch * 3 * h * w);
      float[] v = new float[3 * h * w];
      for (int i = 0; i < v.length; i++) {
        v[i] = 100 * all[n % batch * v.length + i];
      }
      return new Image(h, w, v);
    }

    @Override
    public Sample.Labelled source() {
      Image image = image("source", sources);
      int n = image.height() * image.width();
      int[] labels = GoldenTensors.labels("label." + sources / batch, seed, batch * n, classes);
      byte[] values = new byte[n];
      for (int i = 0; i < n; i++) {
        values[i] = (byte) labels[sources % batch * n + i];
      }
      return new Sample.Labelled(
          "source." + sources++, image, new LabelImage(image.height(), image.width(), values));
    }

    @Override
    public Sample.Unlabelled target() {
      return new Sample.Unlabelled("target." + targets, image("target", targets++));
    }
  }

  private static void compare(Losses losses, JsonNode golden, int iteration, double bound) {
    Map<String, Double> found = new TreeMap<>();
    losses
        .terms()
        .forEach(
            (term, levels) ->
                levels.forEach((level, value) -> found.put(KEYS.get(term) + level.name(), value)));
    assertThat(found).hasSize(golden.size());
    golden
        .fields()
        .forEachRemaining(
            e -> {
              double expected = e.getValue().asDouble();
              assertThat(found.get(e.getKey()))
                  .as("%s in iteration %d", e.getKey(), iteration)
                  .isCloseTo(expected, within(bound * Math.abs(expected)));
            });
  }

  private static void compare(
      Network network, JsonNode golden, String name, int iteration, int rates, Bounds bounds) {
    golden
        .fields()
        .forEachRemaining(
            e -> {
              Optional<ParameterSlice> slice =
                  network.slices().stream().filter(s -> s.key().equals(e.getKey())).findAny();
              if (slice.isEmpty()) {
                // The released network has branches beyond the rates that it sums.
                Matcher branch = BRANCH.matcher(e.getKey());
                assertThat(branch.matches()).as(e.getKey()).isTrue();
                assertThat(Integer.parseInt(branch.group(1))).isGreaterThanOrEqualTo(rates);
                return;
              }
              assertThat(
                      GoldenNetworks.distance(
                          GoldenNetworks.values(network, network.parameters(), e.getKey()),
                          e.getValue()))
                  .as("%s.%s after iteration %d", name, e.getKey(), iteration)
                  .isLessThan(bounds.tensor());
            });
  }
}
