package org.adaptseg.nn;

import java.nio.charset.StandardCharsets;
import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.nn.layers.ParameterSpec;

/**
 * Initial parameters as a function of seed and tensor name, whatever the order of the tensors.
 *
 * <p>Convolutions of the backbone: normal with variance 2 / fan-in (He et al. 2015), the last 1×1
 * of a block like the others. Heads: normal, deviation 0.01, as in the released code.
 * Discriminators and all biases: uniform in ±1/√fan-in, PyTorch's default. Batch normalisations are
 * the identity.
 */
public final class InitialValues {
  private static final double HEAD_DEVIATION = 0.01;

  private InitialValues() {}

  /** Fills all parameters of a generator. */
  public static void generator(Generator g, long seed) {
    for (ParameterSlice s : g.slices()) {
      fill(g, s, seed, StateNames.GENERATOR + ".", s.head() ? Kind.HEAD : Kind.BACKBONE);
    }
    g.parametersChanged();
  }

  /**
   * Fills all parameters of a discriminator.
   *
   * @param name tells discriminators apart
   */
  public static void discriminator(Discriminator d, long seed, String name) {
    for (ParameterSlice s : d.slices()) {
      fill(d, s, seed, name + ".", Kind.UNIFORM);
    }
    d.parametersChanged();
  }

  private enum Kind {
    BACKBONE,
    HEAD,
    UNIFORM
  }

  private static void fill(Network net, ParameterSlice s, long seed, String prefix, Kind kind) {
    int n = Math.toIntExact(s.length());
    float[] values = new float[n];
    switch (s.role()) {
      case NORM_SCALE, RUNNING_VARIANCE -> java.util.Arrays.fill(values, 1f);
      case NORM_SHIFT, RUNNING_MEAN -> {}
      case BIAS -> uniform(values, stream(seed, prefix + s.key()), 1 / Math.sqrt(fanIn(net, s)));
      case WEIGHT -> {
        SplitMix64 stream = stream(seed, prefix + s.key());
        switch (kind) {
          case BACKBONE -> normal(values, stream, Math.sqrt(2 / fanIn(net, s)));
          case HEAD -> normal(values, stream, HEAD_DEVIATION);
          case UNIFORM -> uniform(values, stream, 1 / Math.sqrt(fanIn(net, s)));
        }
      }
    }
    net.parameter(s).write(values);
  }

  /** I·kH·kW of the convolution that a weight or a bias belongs to. */
  private static double fanIn(Network net, ParameterSlice s) {
    if (s.role() == ParameterSpec.Role.WEIGHT) {
      return (double) s.length() / s.shape()[0];
    }
    String weight = s.key().replace(".bias", ".weight");
    return net.slices().stream()
        .filter(o -> o.key().equals(weight))
        .mapToDouble(o -> (double) o.length() / o.shape()[0])
        .findFirst()
        .orElseThrow();
  }

  private static void uniform(float[] values, SplitMix64 stream, double bound) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * stream.nextDouble() - 1));
    }
  }

  private static void normal(float[] values, SplitMix64 stream, double deviation) {
    for (int i = 0; i < values.length; i++) {
      // Box and Muller; 1 − u keeps the logarithm finite.
      double radius = Math.sqrt(-2 * Math.log(1 - stream.nextDouble()));
      values[i] = (float) (deviation * radius * Math.cos(2 * Math.PI * stream.nextDouble()));
    }
  }

  /** The sequence of a tensor: started from the seed and its name (FNV-1a). */
  private static SplitMix64 stream(long seed, String name) {
    long h = 0xCBF29CE484222325L ^ seed;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return new SplitMix64(h);
  }
}
