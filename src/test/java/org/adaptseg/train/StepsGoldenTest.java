package org.adaptseg.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.Level;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.Sample;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.nn.GoldenNetworks;
import org.adaptseg.nn.Network;
import org.adaptseg.testing.GoldenTensors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("golden")
class StepsGoldenTest {
  private static final double LOSS = 1e-3;
  private static final double TENSOR = 1e-4;
  private static final Map<String, String> KEYS =
      Map.of(Losses.SEGMENTATION, "seg_", Losses.ADVERSARIAL, "adv_", Losses.DISCRIMINATOR, "d_");

  static List<Path> files() {
    return GoldenTensors.files("steps-*.json");
  }

  @ParameterizedTest
  @MethodSource("files")
  void lossesAndTensorsOfEveryIterationEqualTheGoldenOnes(Path file) throws IOException {
    JsonNode golden = GoldenNetworks.json(file);
    int classes = golden.get("classes").asInt();
    long seed = golden.get("seed").asLong();
    RunConfig config = config(golden);
    try (Networks networks = new Networks(config, classes)) {
      networks.initialize(0);
      GoldenNetworks.fill(networks.generator().network(), "G.", seed);
      GoldenNetworks.fill(networks.discriminator(Level.AUX).network(), "D1.", seed);
      GoldenNetworks.fill(networks.discriminator(Level.MAIN).network(), "D2.", seed);
      AdaptationStep step = new AdaptationStep(networks, config);
      GoldenSamples samples = new GoldenSamples(golden, seed, classes);
      for (int i = 0; i < golden.get("iterations").size(); i++) {
        JsonNode expected = golden.get("iterations").get(i);
        Losses losses = step.run(Phase.ADVERSARIAL, i, i + 1, samples);
        compare(losses, expected.get("losses"), i);
        compare(networks.generator().network(), expected.get("G"), "G", i);
        compare(networks.discriminator(Level.AUX).network(), expected.get("D1"), "D1", i);
        compare(networks.discriminator(Level.MAIN).network(), expected.get("D2"), "D2", i);
      }
    }
  }

  private static RunConfig config(JsonNode g) {
    JsonNode lambda = g.get("lambda");
    String domain = "{dataset: synthetic-target, split: val, width: %d, height: %d}";
    String source =
        domain.formatted(g.get("source").get(1).asInt(), g.get("source").get(0).asInt());
    String target =
        domain.formatted(g.get("target").get(1).asInt(), g.get("target").get(0).asInt());
    return ConfigLoader.load(
        """
        run: {name: golden}
        schedule: {phases: [{phase: adversarial, iterations: %d}]}
        output: {dir: unused}
        data: {classes: synthetic-8, source: %s, target: %s, evaluation: %s}
        model: {layers: %s}
        loss:
          gan: %s
          segmentation-weight: {aux: %s, main: 1.0}
          adversarial-weight: {aux: %s, main: %s}
        optimizer:
          generator: {learning-rate: %s, duplicate-updates: %s}
          discriminator: {learning-rate: %s}
          decay: {total-iterations: %d}
          iter-size: %d
        """
            .formatted(
                g.get("iterations").size(),
                source,
                target,
                target,
                g.get("layers"),
                g.get("gan").asText().startsWith("v") ? "vanilla" : "least-squares",
                lambda.get("seg").asText(),
                lambda.get("adv1").asText(),
                lambda.get("adv2").asText(),
                g.get("learning_rate").asText(),
                g.get("duplicate_updates").asText(),
                g.get("learning_rate_d").asText(),
                g.get("total_iterations").asInt(),
                g.get("iter_size").asInt()),
        "golden",
        List.of());
  }

  private static final class GoldenSamples implements AdaptationStep.Samples {
    private final JsonNode golden;
    private final long seed;
    private final int classes;
    private int sources;
    private int targets;

    GoldenSamples(JsonNode golden, long seed, int classes) {
      this.golden = golden;
      this.seed = seed;
      this.classes = classes;
    }

    private Image image(String domain, int k) {
      int h = golden.get(domain).get(0).asInt();
      int w = golden.get(domain).get(1).asInt();
      float[] v = GoldenTensors.unit(domain + "." + k, seed, 3 * h * w);
      for (int i = 0; i < v.length; i++) {
        v[i] *= 100;
      }
      return new Image(h, w, v);
    }

    @Override
    public Sample.Labelled source() {
      Image image = image("source", sources);
      int n = image.height() * image.width();
      int[] labels = GoldenTensors.labels("label." + sources, seed, n, classes);
      byte[] values = new byte[n];
      for (int i = 0; i < n; i++) {
        values[i] = (byte) labels[i];
      }
      return new Sample.Labelled(
          "source." + sources++, image, new LabelImage(image.height(), image.width(), values));
    }

    @Override
    public Sample.Unlabelled target() {
      return new Sample.Unlabelled("target." + targets, image("target", targets++));
    }
  }

  private static void compare(Losses losses, JsonNode golden, int iteration) {
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
                  .isCloseTo(expected, within(LOSS * Math.abs(expected)));
            });
  }

  private static void compare(Network network, JsonNode golden, String name, int iteration) {
    golden
        .fields()
        .forEachRemaining(
            e ->
                assertThat(
                        GoldenNetworks.distance(
                            GoldenNetworks.values(network, network.parameters(), e.getKey()),
                            e.getValue()))
                    .as("%s.%s after iteration %d", name, e.getKey(), iteration)
                    .isLessThan(TENSOR));
  }
}
