package org.adaptseg.train;

import java.util.List;
import org.adaptseg.config.RunConfig;

/**
 * What memory a worker needs, computed from the sizes of networks and images; within about a
 * quarter of what is measured.
 *
 * @param parameters trained values of the generator
 * @param discriminatorParameters values of one discriminator
 * @param discriminators number of discriminators, one per level
 * @param activationBytes feature maps kept from forward to backward, and label maps
 * @param imageSizes 1, or 2 where source and target images differ in size
 */
public record MemoryEstimate(
    long parameters,
    long discriminatorParameters,
    int discriminators,
    long activationBytes,
    int imageSizes) {
  private static final long FLOAT = 4;
  private static final int EXPANSION = 4;

  /** JVM, Spark and libraries. */
  private static final long BASE_BYTES = 700L << 20;

  /** Estimate for a configuration. */
  public static MemoryEstimate of(RunConfig config, int classes) {
    RunConfig.Model m = config.model();
    long width = m.discriminatorWidth();
    long discriminator =
        16 * (classes * width + width * width * (2 + 8 + 32) + 8 * width) + 15 * width + 1;
    RunConfig.Domain s = config.data().source();
    RunConfig.Domain t = config.data().target();
    long activations =
        Math.max(activations(m, s.width(), s.height()), activations(m, t.width(), t.height()));
    // Scores and probabilities on every level for both domains, and the discriminators' maps.
    int levels = m.levels().size();
    long pixels = (long) s.width() * s.height() + (long) t.width() * t.height();
    long labelMaps = pixels * FLOAT * ((2L * levels + 2) * classes + width);
    boolean same = s.width() == t.width() && s.height() == t.height();
    return new MemoryEstimate(
        parameters(m, classes), discriminator, levels, activations + labelMaps, same ? 1 : 2);
  }

  private static long parameters(RunConfig.Model m, int classes) {
    long w = m.baseWidth();
    long sum = 3 * 49 * w;
    long in = w;
    for (int stage = 0; stage < m.layers().size(); stage++) {
      long planes = w << stage;
      long out = planes * EXPANSION;
      for (int block = 0; block < m.layers().get(stage); block++) {
        sum += in * planes + 9 * planes * planes + planes * out + (block == 0 ? in * out : 0);
        in = out;
      }
      if (m.levels().containsValue(stage + 1)) {
        sum += m.headRates().size() * (9L * out * classes + classes);
      }
    }
    return sum;
  }

  private static long activations(RunConfig.Model m, int width, int height) {
    long w = m.baseWidth();
    long pixels = (long) (width / 2) * (height / 2);
    long values = 2 * w * pixels + w * pixels / 4;
    List<Integer> layers = m.layers();
    for (int stage = 0; stage < layers.size(); stage++) {
      long map = pixels / (stage == 0 ? 4 : 16);
      long planes = w << stage;
      values += layers.get(stage) * map * planes * (4 + 2 * EXPANSION);
    }
    return values * FLOAT;
  }

  /**
   * Bytes of one worker with its JVM: parameters, gradients and momentum; weights in the kernels'
   * layouts for forward and backward, per image size; the state as it comes and as it goes.
   */
  public long workerBytes() {
    long generator = parameters * FLOAT * (3 + 2L * imageSizes + 4);
    long judges = discriminators * discriminatorParameters * FLOAT * (4 + 2L * imageSizes + 6);
    return BASE_BYTES + generator + judges + activationBytes;
  }

  /** One line for a person. */
  public String describe() {
    return "computed: %d MB per worker (generator %.1f M parameters, discriminators %d x %.1f M, feature and label maps %d MB)"
        .formatted(
            workerBytes() >> 20,
            parameters / 1e6,
            discriminators,
            discriminatorParameters / 1e6,
            activationBytes >> 20);
  }
}
