package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.kernels.onednn.OneDnnKernels;
import org.adaptseg.nn.loss.CrossEntropy;
import org.adaptseg.nn.optimizer.PolynomialDecay;
import org.adaptseg.testing.GoldenTensors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Upsampling, cross-entropy and the learning rates; confusion and mIoU are tested with scores. */
@Tag("golden")
class OpsGoldenTest {
  private static final double BOUND = 1e-5;

  static List<Path> files() {
    return GoldenTensors.files("ops*.json");
  }

  /** NCHW to rows of pixels, or with {@code back} the other way. */
  private static float[] transposed(float[] values, int channels, boolean back) {
    int pixels = values.length / channels;
    float[] out = new float[values.length];
    for (int i = 0; i < pixels; i++) {
      for (int c = 0; c < channels; c++) {
        if (back) {
          out[c * pixels + i] = values[i * channels + c];
        } else {
          out[i * channels + c] = values[c * pixels + i];
        }
      }
    }
    return out;
  }

  private static INDArray rows(float[] nchw, int channels) {
    return Nd4j.createFromArray(transposed(nchw, channels, false))
        .reshape('c', nchw.length / channels, channels);
  }

  private static float[] nchw(INDArray rows) {
    return transposed(rows.dup('c').data().asFloat(), (int) rows.size(1), true);
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
    try (Kernels kernels = new OneDnnKernels();
        LabelMapScores scores = new LabelMapScores(kernels, small, height, width)) {
      INDArray logits = Nd4j.create(kernels.dataType(), kernels.activationShape(small));
      INDArray plain =
          Nd4j.createFromArray(GoldenTensors.unit("logits", seed, (int) small.size()))
              .reshape('c', 1, channels, small.height(), small.width());
      kernels.elementwise().fromNchw(plain, logits, small);

      scores.read(logits);

      float[] large = nchw(scores.scores());
      assertThat(GoldenNetworks.distance(large, up.get("summary"))).isLessThan(BOUND);
      int from = (2 * height + 31) * width; // the file holds row 31 of channel 2
      float[] row = java.util.Arrays.copyOfRange(large, from, from + width);
      assertThat(GoldenNetworks.largest(row, up.get("row_31"))).isLessThan(BOUND);

      float[] epsilon = GoldenTensors.unit("epsilon", seed, large.length);
      INDArray gradient = scores.backwardScores(rows(epsilon, channels));
      kernels.elementwise().toNchw(gradient, plain, small);
      assertThat(
              GoldenNetworks.largest(
                  plain.reshape(plain.length()).toFloatVector(), up.get("input_gradient")))
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
      ignored += all[i] == CrossEntropy.IGNORE ? 1 : 0;
    }
    assertThat(ignored).isEqualTo(ce.get("ignored").asInt());
    try (Kernels kernels = new OneDnnKernels()) {
      INDArray scores = rows(logits, classes);
      INDArray probabilities = scores.ulike();
      INDArray gradient = scores.ulike();
      kernels.elementwise().softmax(scores, probabilities);

      double loss = CrossEntropy.at(scores, probabilities, labels, 1, gradient);

      double expected = ce.get("loss").asDouble();
      assertThat(loss).isCloseTo(expected, within(BOUND * expected));
      assertThat(GoldenNetworks.largest(nchw(gradient), ce.get("gradient"))).isLessThan(BOUND);
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
