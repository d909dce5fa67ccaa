package org.adaptseg.train;

import java.util.List;
import org.adaptseg.config.Backbone;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.StrideOn;

/**
 * What a round computes, moves and reads, from the sizes of networks and images. {@code
 * docs/operations.md} has the formulas in words.
 *
 * @param stateBytes a state
 * @param workers learners side by side
 * @param averagingInterval iterations of a round
 * @param flops floating-point operations of one adversarial iteration of one worker
 */
public record RoundEstimate(long stateBytes, int workers, int averagingInterval, double flops) {
  /** Image and label of the source, image of the target: a HEAD and a GET each. */
  public static final int REQUESTS_PER_ITERATION = 6;

  /** What Spark needs for a round's jobs, in seconds; measured on one machine, without data. */
  private static final double ROUND_SECONDS = 0.5;

  private static final int EXPANSION = 4;

  /** Forward, gradient of the input, gradient of the weights. */
  private static final int PASSES = 3;

  /** Estimate for a configuration. */
  public static RoundEstimate of(RunConfig config, int classes) {
    RunConfig.Model m = config.model();
    double flops = 0;
    for (RunConfig.Domain domain : List.of(config.data().source(), config.data().target())) {
      flops +=
          PASSES * (generator(m, classes, domain) + m.levels().size() * judge(m, classes, domain));
    }
    RunConfig.Cluster c = config.cluster();
    return new RoundEstimate(
        MemoryEstimate.of(config, classes).stateBytes(),
        c.workers(),
        c.averagingInterval(),
        flops * config.optimizer().iterSize());
  }

  /** Multiplications and additions of the convolutions of one forward pass. */
  private static double generator(RunConfig.Model m, int classes, RunConfig.Domain domain) {
    if (m.backbone() == Backbone.VGG) {
      return 2 * VggSizes.products(m, classes, domain);
    }
    double pixels = (domain.width() / 2.0) * (domain.height() / 2.0);
    double w = m.baseWidth();
    double sum = 3 * 49 * w * pixels;
    double in = w;
    for (int stage = 0; stage < m.layers().size(); stage++) {
      double map = pixels / (stage == 0 ? 4 : 16);
      double planes = w * (1 << stage);
      double out = planes * EXPANSION;
      for (int block = 0; block < m.layers().get(stage); block++) {
        double weights = 9 * planes * planes + planes * out + (block == 0 ? in * out : 0);
        // Where the stride is on the first 1x1, that already works on the smaller map.
        boolean larger = stage == 1 && block == 0 && m.strideOn() == StrideOn.SPATIAL;
        sum += in * planes * (larger ? pixels / 4 : map) + weights * map;
        in = out;
      }
      if (m.levels().containsValue(stage + 1)) {
        sum += m.headRates().size() * 9 * out * classes * map;
      }
    }
    return 2 * sum;
  }

  private static double judge(RunConfig.Model m, int classes, RunConfig.Domain domain) {
    double width = m.discriminatorWidth();
    double pixels = (double) domain.pixels();
    double sum = 0;
    double in = classes;
    for (int i = 0; i < 4; i++) {
      pixels /= 4;
      double out = width * (1 << i);
      sum += 16 * in * out * pixels;
      in = out;
    }
    return 2 * (sum + 16 * in * pixels / 4);
  }

  /**
   * Bytes that a round sends over the network: the state to every worker, all slices but the own
   * ones between workers, the mean to the driver.
   */
  public long networkBytes() {
    return 2L * workers * stateBytes;
  }

  /** Seconds of a round that are not computing, at a network rate for each machine. */
  public double averagingSeconds(double bytesPerSecond) {
    // One state comes, one goes to and comes from the other workers, one goes to the driver.
    return ROUND_SECONDS + 3 * stateBytes / bytesPerSecond;
  }

  /** The least averaging interval with which averaging takes at most a share of the time. */
  public int leastInterval(double share, double bytesPerSecond, double secondsPerIteration) {
    double round = averagingSeconds(bytesPerSecond) * (1 - share) / share;
    return Math.max(1, (int) Math.ceil(round / secondsPerIteration));
  }

  /** Iterations in which the workers together see every source image once. */
  public long iterationsPerEpoch(long sourceImages) {
    return (sourceImages + workers - 1) / workers;
  }

  /** Requests to an object store in an epoch, of all workers. */
  public long requestsPerEpoch(long sourceImages) {
    return iterationsPerEpoch(sourceImages) * workers * REQUESTS_PER_ITERATION;
  }

  /** Lines for a person. */
  public List<String> describe(long sourceImages) {
    return List.of(
        "computed: a state, and a checkpoint, is %d MB; a round of %d iterations sends %d MB over the network"
            .formatted(stateBytes >> 20, averagingInterval, networkBytes() >> 20),
        "computed: an iteration is %.2f TFLOP per worker; an epoch is %d iterations and, on S3, %d requests"
            .formatted(
                flops / 1e12, iterationsPerEpoch(sourceImages), requestsPerEpoch(sourceImages)));
  }
}
