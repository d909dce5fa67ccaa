package org.adaptseg.nn;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.adaptseg.engine.Vector;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.adaptseg.testing.GoldenTensors;

/** Networks with the tensors that the golden files name, and comparisons with their numbers. */
public final class GoldenNetworks {
  private GoldenNetworks() {}

  /** Leaves a test out on a processor that has no instructions for bfloat16. */
  public static void assumeBfloat16() {
    assumeTrue(
        OneDnnEngine.computesBfloat16(),
        () -> "expected a processor with avx512_bf16, found " + OneDnnEngine.instructionSet());
  }

  public static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  /** Fills a network's tensors from their names. */
  public static void fill(Network network, String prefix, long seed) {
    for (ParameterSlice s : network.slices()) {
      float[] v = GoldenTensors.unit(prefix + s.key(), seed, Math.toIntExact(s.length()));
      double fanIn = s.shape().length == 4 ? (double) s.length() / s.shape()[0] : 1;
      float scale = (float) Math.sqrt(6 / fanIn);
      for (int i = 0; i < v.length; i++) {
        v[i] =
            switch (s.role()) {
              case WEIGHT -> v[i] * scale;
              case BIAS, NORM_SHIFT, RUNNING_MEAN -> 0.1f * v[i];
              case NORM_SCALE -> 1 + 0.2f * v[i];
              case RUNNING_VARIANCE -> 1 + 0.5f * v[i];
            };
      }
      network.parameter(s).write(v);
    }
    network.parametersChanged();
  }

  /** The values of a tensor in a flat vector. */
  public static float[] values(Network network, Vector flat, String key) {
    ParameterSlice s =
        network.slices().stream().filter(p -> p.key().equals(key)).findFirst().orElseThrow();
    return flat.part(s.offset(), s.length()).read();
  }

  /**
   * Relative distance of a tensor from a golden summary: the larger of {@link #normDistance} and
   * {@link #endsDistance}.
   */
  public static double distance(float[] values, JsonNode summary) {
    return Math.max(normDistance(values, summary), endsDistance(values, summary));
  }

  /** Relative difference of the l2 norms. */
  public static double normDistance(float[] values, JsonNode summary) {
    double sum = 0;
    for (float v : values) {
      sum += (double) v * v;
    }
    return Math.abs(Math.sqrt(sum) / summary.get("l2").asDouble() - 1);
  }

  /**
   * Root mean square difference of the first and last values, relative to that of the whole tensor
   * or of the values themselves, whichever is larger.
   */
  public static double endsDistance(float[] values, JsonNode summary) {
    double l2 = summary.get("l2").asDouble();
    double ends = 0;
    double reference = 0;
    for (String side : new String[] {"head", "tail"}) {
      JsonNode expected = summary.get(side);
      int from = side.equals("head") ? 0 : values.length - expected.size();
      for (int i = 0; i < expected.size(); i++) {
        ends += Math.pow(values[from + i] - expected.get(i).asDouble(), 2);
        reference += Math.pow(expected.get(i).asDouble(), 2);
      }
    }
    int n = 2 * summary.get("head").size();
    return Math.sqrt(ends / Math.max(reference, n * l2 * l2 / values.length));
  }

  /** Largest absolute difference over the largest absolute expected value. */
  public static double largest(float[] values, JsonNode expected) {
    if (values.length != expected.size()) {
      throw new AssertionError("Expected " + expected.size() + " values, found " + values.length);
    }
    double difference = 0;
    double size = 0;
    for (int i = 0; i < values.length; i++) {
      difference = Math.max(difference, Math.abs(values[i] - expected.get(i).asDouble()));
      size = Math.max(size, Math.abs(expected.get(i).asDouble()));
    }
    return difference / size;
  }
}
