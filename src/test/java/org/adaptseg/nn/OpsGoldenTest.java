package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Losses;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.adaptseg.nn.optimizer.PolynomialDecay;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.Tensors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Upsampling, cross-entropy and the learning rates; confusion and mIoU are tested with scores. */
@Tag("golden")
class OpsGoldenTest {
  private static final double BOUND = 1e-5;

  static List<Path> files() {
    return GoldenTensors.files("ops*.json");
  }

  @ParameterizedTest
  @MethodSource("files")
  void upsamplingAndItsGradientEqualTheGoldenOnes(Path file) throws IOException {
    JsonNode golden = GoldenNetworks.json(file);
    JsonNode up = golden.get("upsample");
    long seed = golden.get("seed").asLong();
    int channels = up.at("/summary/shape/1").asInt();
    int height = up.at("/out/0").asInt();
    int width = up.at("/out/1").asInt();
    FeatureShape small =
        new FeatureShape(1, channels, up.at("/in/0").asInt(), up.at("/in/1").asInt());
    try (Engine engine = new OneDnnEngine();
        LabelMapScores scores = new LabelMapScores(engine, small, height, width)) {
      scores.read(
          Tensors.logits(engine, small, GoldenTensors.unit("logits", seed, (int) small.size())));

      float[] large = Tensors.floats(scores.scores());
      assertThat(GoldenNetworks.distance(large, up.get("summary"))).isLessThan(BOUND);
      int from = (2 * height + 31) * width; // the file holds row 31 of channel 2
      float[] row = java.util.Arrays.copyOfRange(large, from, from + width);
      assertThat(GoldenNetworks.largest(row, up.get("row_31"))).isLessThan(BOUND);

      FeatureShape image = new FeatureShape(1, channels, height, width);
      double[] epsilon = Tensors.wide(GoldenTensors.unit("epsilon", seed, large.length));
      Tensor gradient =
          scores.backwardScores(Tensors.of(engine, Tensor.Kind.PIXELS, image, epsilon));
      assertThat(GoldenNetworks.largest(Tensors.floats(gradient), up.get("input_gradient")))
          .isLessThan(BOUND);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void crossEntropyAndItsGradientEqualTheGoldenOnes(Path file) throws IOException {
    JsonNode golden = GoldenNetworks.json(file);
    JsonNode ce = golden.get("cross_entropy");
    long seed = golden.get("seed").asLong();
    int classes = golden.at("/upsample/summary/shape/1").asInt();
    int n = ce.get("gradient").size();
    float[] logits = GoldenTensors.unit("logits2", seed, n);
    for (int i = 0; i < n; i++) {
      logits[i] *= 4;
    }
    byte[] labels = new byte[n / classes];
    int ignored = 0;
    int[] all = GoldenTensors.labels("labels2", seed, labels.length, classes);
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) all[i];
      ignored += all[i] == Losses.IGNORE ? 1 : 0;
    }
    assertThat(ignored).isEqualTo(ce.get("ignored").asInt());
    try (Engine engine = new OneDnnEngine()) {
      FeatureShape shape = new FeatureShape(1, classes, 1, labels.length);
      Tensor scores = Tensors.of(engine, Tensor.Kind.PIXELS, shape, Tensors.wide(logits));
      Tensor probabilities = Tensors.like(engine, scores);
      Tensor gradient = Tensors.like(engine, scores);
      engine.elementwise().softmax(scores, probabilities);

      double loss =
          engine.losses().crossEntropy(scores, probabilities, labels, 1, List.of(), gradient).get();

      double expected = ce.get("loss").asDouble();
      assertThat(loss).isCloseTo(expected, within(BOUND * expected));
      assertThat(GoldenNetworks.largest(Tensors.floats(gradient), ce.get("gradient")))
          .isLessThan(BOUND);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void learningRatesEqualTheGoldenOnes(Path file) throws IOException {
    JsonNode poly = GoldenNetworks.json(file).get("poly");
    PolynomialDecay decay = new PolynomialDecay(2.5e-4, 250_000, 0.9);
    assertThat(poly).isNotEmpty();
    for (JsonNode pair : poly) {
      double expected = pair.get(1).asDouble();
      assertThat(decay.at(pair.get(0).asLong())).isCloseTo(expected, within(1e-9 * expected));
    }
  }
}
