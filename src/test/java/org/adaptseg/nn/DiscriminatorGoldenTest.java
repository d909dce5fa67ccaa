package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.adaptseg.config.GanLoss;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.kernels.onednn.OneDnnKernels;
import org.adaptseg.nn.loss.AdversarialLoss;
import org.adaptseg.nn.loss.LossValue;
import org.adaptseg.testing.GoldenTensors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
    check(file, DataType.FLOAT, Bounds.FLOAT32);
  }

  @ParameterizedTest
  @MethodSource("files")
  void inBfloat16TheyEqualTheGoldenOnesWithinItsRounding(Path file) throws IOException {
    GoldenNetworks.assumeBfloat16();
    check(file, DataType.BFLOAT16, Bounds.BFLOAT16);
  }

  private static void check(Path file, DataType maps, Bounds bounds) throws IOException {
    JsonNode golden = GoldenNetworks.json(file);
    long seed = golden.get("seed").asLong();
    int classes = golden.get("classes").asInt();
    FeatureShape image =
        new FeatureShape(1, classes, golden.get("height").asInt(), golden.get("width").asInt());
    INDArray pixels = Nd4j.createFromArray(probabilities(image, seed));
    try (Kernels kernels = new OneDnnKernels(maps);
        Discriminator d =
            new Discriminator(new DiscriminatorArchitecture(classes, width(golden)), kernels)) {
      GoldenNetworks.fill(d, "D1.", seed);
      INDArray rows = pixels.reshape('c', image.pixels(), classes);
      float[] logits = d.forward(rows, image);
      assertThat(GoldenNetworks.largest(logits, golden.get("output"))).isLessThan(bounds.norm());
      for (GanLoss kind : List.of(GanLoss.VANILLA, GanLoss.LEAST_SQUARES)) {
        String name = kind == GanLoss.VANILLA ? "vanilla" : "least-squares";
        for (int label = 0; label <= 1; label++) {
          AdversarialLoss losses = new AdversarialLoss(kind);
          LossValue loss = label == 0 ? losses.onSource(logits, 1) : losses.onTarget(logits, 1);
          JsonNode expected = golden.get(name + "-label" + label);
          double value = expected.get("loss").asDouble();
          assertThat(loss.loss()).isCloseTo(value, within(bounds.norm() * value));
          checkGradients(d, image, loss.gradient(), expected, bounds);
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
      Discriminator d, FeatureShape image, float[] gradient, JsonNode expected, Bounds bounds) {
    float[] rows = d.backwardToInput(gradient).dup().data().asFloat();
    int pixels = (int) image.pixels();
    float[] nchw = new float[rows.length];
    for (int i = 0; i < pixels; i++) {
      for (int c = 0; c < image.channels(); c++) {
        nchw[c * pixels + i] = rows[i * image.channels() + c];
      }
    }
    close(nchw, expected.get("input_gradient"), "gradient of the label map", bounds);

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
