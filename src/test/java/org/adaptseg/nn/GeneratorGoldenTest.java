package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.adaptseg.config.Backbone;
import org.adaptseg.config.Level;
import org.adaptseg.config.Precision;
import org.adaptseg.config.StrideOn;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.Tensors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("golden")
public class GeneratorGoldenTest {
  private static final int SHALLOW_BLOCKS = 12;

  /**
   * One sign that float32 and double see differently in front of a ReLU changes single values of
   * all earlier gradients by more than their norm: by up to 6.7e-3 for PyTorch 2.13's own float32
   * with 4 blocks, where its norms agree to 2e-4.
   */
  private static final double MASK_FLIP = 1e-2;

  /** No bound on single values: those of a deep network in training mode are mostly rounding. */
  private static final double FREE = Double.POSITIVE_INFINITY;

  /** Largest relative distances that are allowed. */
  private record Bounds(
      double evaluation, double training, double norms, double ends, double runningEnds) {
    static Bounds float32(List<Integer> layers) {
      return isShallow(layers)
          ? new Bounds(1e-4, 1e-4, 1e-3, MASK_FLIP, 1e-3)
          : new Bounds(1e-4, 3e-3, 2e-2, FREE, FREE);
    }

    /**
     * Each map on the way is rounded by at most half of 2^-8 of a value, and so are the weights
     * before it: errors that know nothing of each other, so they grow with the root of the number
     * of maps. In training, maps are rounded behind convolution and normalisation, and the batch
     * statistics of a small image make of an error four times as much, in float32 as well; with 33
     * blocks they make the logits of these random weights anything.
     */
    static Bounds bfloat16(List<Integer> layers) {
      int maps = 1 + 3 * blocks(layers);
      double evaluation = EPSILON_16 * Math.sqrt(maps);
      return isShallow(layers)
          ? new Bounds(evaluation, 4 * EPSILON_16 * Math.sqrt(2 * maps), 2e-2, 0.5, 4 * evaluation)
          : new Bounds(evaluation, FREE, 0.1, FREE, FREE);
    }
  }

  /** Distance of neighbouring numbers in bfloat16, relative. */
  private static final double EPSILON_16 = 1.0 / 256;

  static List<Path> files() {
    return Stream.of("generator-*.json", "batch-*.json")
        .flatMap(pattern -> GoldenTensors.files(pattern).stream())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("files")
  void logitsGradientsAndRunningStatisticsEqualTheGoldenOnes(Path file) throws IOException {
    checkFloat32(file, new OneDnnEngine(Precision.FLOAT32));
  }

  @ParameterizedTest
  @MethodSource("files")
  void inBfloat16TheyEqualTheGoldenOnesWithinItsRounding(Path file) throws IOException {
    GoldenNetworks.assumeBfloat16();
    check(file, new OneDnnEngine(Precision.BFLOAT16), Bounds::bfloat16);
  }

  /** Compares what an engine computes, which it closes. */
  public static void checkFloat32(Path file, Engine engine) throws IOException {
    check(file, engine, Bounds::float32);
  }

  private static void check(Path file, Engine given, Function<List<Integer>, Bounds> precision)
      throws IOException {
    JsonNode golden = GoldenNetworks.json(file);
    List<Integer> layers = new ArrayList<>();
    golden.get("layers").forEach(n -> layers.add(n.asInt()));
    Bounds bounds = precision.apply(layers);
    long seed = golden.get("seed").asLong();
    int h = golden.get("height").asInt();
    int w = golden.get("width").asInt();
    int batch = golden.path("batch").asInt(1);
    float[] image = GoldenTensors.unit("image", seed, batch * 3 * h * w);
    for (int i = 0; i < image.length; i++) {
      image[i] *= 100;
    }
    try (Engine engine = given;
        Generator g =
            new Generator(
                new GeneratorArchitecture(
                    layers, 64, golden.get("classes").asInt(), List.of(6, 12)),
                engine)) {
      GoldenNetworks.fill(g, "G.", seed);
      Tensor x = Tensors.image(engine, new FeatureShape(batch, 3, h, w), image);
      if (golden.has("eval")) {
        check(g.forward(x, false), golden.get("eval"), bounds.evaluation(), "evaluation");
      }
      Map<Level, Tensor> logits = g.forward(x, true);
      check(logits, golden.get("train"), bounds.training(), "training");
      g.backward(epsilons(engine, logits, seed), false);
      compare(g, g.gradients(), golden.get("gradients"), bounds.norms(), bounds.ends());
      compare(g, g.parameters(), golden.get("running"), bounds.norms(), bounds.runningEnds());
    }
  }

  static List<Path> torchvisionFiles() {
    return GoldenTensors.files("torchvision-*.json");
  }

  @ParameterizedTest
  @MethodSource("torchvisionFiles")
  void aNetworkOfTorchvisionsFormGivesItsLogits(Path file) throws IOException {
    JsonNode golden = GoldenNetworks.json(file);
    List<Integer> layers = new ArrayList<>();
    golden.get("layers").forEach(n -> layers.add(n.asInt()));
    long seed = golden.get("seed").asLong();
    int h = golden.get("height").asInt();
    int w = golden.get("width").asInt();
    byte[] rgb = GoldenTensors.bytes("rgb", seed, 3 * h * w);
    for (int i = 0; i < golden.get("first_bytes").size(); i++) {
      assertThat(rgb[i] & 0xFF).isEqualTo(golden.get("first_bytes").get(i).asInt());
    }
    Image image = Image.of(new RgbImage(h, w, rgb), Normalisation.TORCHVISION);
    try (Engine engine = new OneDnnEngine();
        Generator g =
            new Generator(
                new GeneratorArchitecture(
                    Backbone.RESNET,
                    layers,
                    64,
                    golden.get("classes").asInt(),
                    List.of(6, 12),
                    StrideOn.SPATIAL,
                    GeneratorArchitecture.PAPER),
                engine)) {
      GoldenNetworks.fill(g, "G.", seed);
      Tensor x = Tensors.image(engine, new FeatureShape(1, 3, h, w), image.chw());
      check(g.forward(x, false), golden.get("eval"), 1e-4, "evaluation");
      double bound = isShallow(layers) ? 1e-4 : 3e-3;
      check(g.forward(x, true), golden.get("train"), bound, "training");
    }
  }

  private static boolean isShallow(List<Integer> layers) {
    return blocks(layers) <= SHALLOW_BLOCKS;
  }

  private static int blocks(List<Integer> layers) {
    return layers.stream().mapToInt(Integer::intValue).sum();
  }

  private static void check(Map<Level, Tensor> logits, JsonNode golden, double bound, String mode) {
    logits.forEach(
        (level, l) -> {
          String name = level.name().toLowerCase(Locale.ROOT);
          assertThat(GoldenNetworks.largest(Tensors.floats(l), golden.get(name)))
              .as("%s logits, %s", mode, name)
              .isLessThan(bound);
        });
  }

  private static Map<Level, Tensor> epsilons(Engine engine, Map<Level, Tensor> logits, long seed) {
    Map<Level, Tensor> epsilons = new LinkedHashMap<>();
    logits.forEach(
        (level, l) -> {
          FeatureShape s = l.shape();
          String name = "epsilon." + level.name().toLowerCase(Locale.ROOT);
          float[] values = GoldenTensors.unit(name, seed, (int) s.size());
          epsilons.put(level, Tensors.logits(engine, s, values));
        });
    return epsilons;
  }

  private static void compare(
      Generator g, Vector flat, JsonNode golden, double normBound, double endsBound) {
    golden
        .fields()
        .forEachRemaining(
            e -> {
              float[] v = GoldenNetworks.values(g, flat, e.getKey());
              assertThat(GoldenNetworks.normDistance(v, e.getValue()))
                  .as("norm of %s", e.getKey())
                  .isLessThan(normBound);
              assertThat(GoldenNetworks.endsDistance(v, e.getValue()))
                  .as("first and last values of %s", e.getKey())
                  .isLessThan(endsBound);
            });
  }
}
