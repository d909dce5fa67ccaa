package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.adaptseg.config.GanLoss;
import org.adaptseg.config.Precision;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Losses;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.Tensors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("golden")
class DiscriminatorGoldenTest {
  /** Largest relative distances that are allowed, of norms and losses and of single values. */
  private record Bounds(double norm, double ends) {
    static final Bounds FLOAT32 = new Bounds(1e-4, 1e-4);

    /**
     * Rounding by half of 2^-8 of maps and weights in front of each of five convolutions. A leaky
     * ReLU whose sign flips changes a gradient to a fifth, so single values stray further.
     */
    static final Bounds BFLOAT16 = new Bounds(5.0 / 256, 0.25);
  }

  static List<Path> files() {
    return GoldenTensors.files("discriminator*.json");
  }

  @ParameterizedTest
  @MethodSource("files")
  void logitsLossesAndGradientsEqualTheGoldenOnes(Path file) throws IOException {
    check(file, Precision.FLOAT32, Bounds.FLOAT32);
  }

  @ParameterizedTest
  @MethodSource("files")
  void inBfloat16TheyEqualTheGoldenOnesWithinItsRounding(Path file) throws IOException {
    GoldenNetworks.assumeBfloat16();
    check(file, Precision.BFLOAT16, Bounds.BFLOAT16);
  }

  private static void check(Path file, Precision maps, Bounds bounds) throws IOException {
    JsonNode golden = GoldenNetworks.json(file);
    long seed = golden.get("seed").asLong();
    int classes = golden.get("classes").asInt();
    FeatureShape image =
        new FeatureShape(1, classes, golden.get("height").asInt(), golden.get("width").asInt());
    try (Engine engine = new OneDnnEngine(maps);
        Discriminator d =
            new Discriminator(new DiscriminatorArchitecture(classes, width(golden)), engine)) {
      GoldenNetworks.fill(d, "D1.", seed);
      Tensor logits = d.forward(Tensors.pixels(engine, image, probabilities(image, seed)));
      assertThat(GoldenNetworks.largest(logits.read(), golden.get("output")))
          .isLessThan(bounds.norm());
      Tensor gradient = d.gradientOfLogits();
      for (GanLoss kind : List.of(GanLoss.VANILLA, GanLoss.LEAST_SQUARES)) {
        String name = kind == GanLoss.VANILLA ? "vanilla" : "least-squares";
        for (int label = 0; label <= 1; label++) {
          Losses.Side side = label == 0 ? Losses.Side.SOURCE : Losses.Side.TARGET;
          double loss = engine.losses().adversarial(kind, side, logits, 1, gradient).get();
          JsonNode expected = golden.get(name + "-label" + label);
          double value = expected.get("loss").asDouble();
          assertThat(loss).isCloseTo(value, within(bounds.norm() * value));
          checkGradients(d, gradient, expected, bounds);
        }
      }
    }
  }

  private static int width(JsonNode golden) {
    // Every case lists the same tensors; the first convolution has as many outputs as D is wide.
    return golden.at("/vanilla-label0/weights/conv1.weight/shape/0").asInt();
  }

  /** Rows of pixels: the softmax over channels of 3 · unit("probabilities"), which is NCHW. */
  private static float[] probabilities(FeatureShape s, long seed) {
    int pixels = (int) s.pixels();
    float[] scores = GoldenTensors.unit("probabilities", seed, (int) s.size());
    float[] rows = new float[scores.length];
    for (int i = 0; i < pixels; i++) {
      double sum = 0;
      for (int c = 0; c < s.channels(); c++) {
        sum += Math.exp(3 * scores[c * pixels + i]);
      }
      for (int c = 0; c < s.channels(); c++) {
        rows[i * s.channels() + c] = (float) (Math.exp(3 * scores[c * pixels + i]) / sum);
      }
    }
    return rows;
  }

  private static void checkGradients(
      Discriminator d, Tensor gradient, JsonNode expected, Bounds bounds) {
    float[] ofMap = Tensors.floats(d.backwardToInput(gradient));
    close(ofMap, expected.get("input_gradient"), "gradient of the label map", bounds);

    d.backwardToParameters(gradient, false);
    assertThat(expected.get("weights").size()).isEqualTo(d.slices().size());
    expected
        .get("weights")
        .fields()
        .forEachRemaining(
            e ->
                close(
                    GoldenNetworks.values(d, d.gradients(), e.getKey()),
                    e.getValue(),
                    "gradient of " + e.getKey(),
                    bounds));
  }

  private static void close(float[] values, JsonNode expected, String what, Bounds bounds) {
    assertThat(GoldenNetworks.normDistance(values, expected)).as(what).isLessThan(bounds.norm());
    assertThat(GoldenNetworks.endsDistance(values, expected)).as(what).isLessThan(bounds.ends());
  }
}
