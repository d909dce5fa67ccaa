package org.adaptseg.train;

import java.util.List;
import java.util.Locale;
import org.adaptseg.config.Cluster;
import org.adaptseg.config.Model;
import org.adaptseg.config.RunConfig;
import org.adaptseg.nn.DiscriminatorArchitecture;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.NetworkSizes;

/**
 * What a round computes, moves and reads, from the sizes of networks and images. {@code
 * docs/operations.md} has the formulas in words.
 *
 * @param stateBytes a state
 * @param sentBytes what a worker sends of its state: {@code cluster.exchange}
 * @param workers learners side by side
 * @param parts in which a state is averaged, a task each: {@code cluster.slices}, fewer of a small
 *     one
 * @param flops floating-point operations of one adversarial iteration of one worker
 */
public record RoundEstimate(long stateBytes, long sentBytes, int workers, int parts, double flops) {
  /** Image and label of the source, image of the target: a HEAD and a GET each. */
  public static final int REQUESTS_PER_ITERATION = 6;

  /** What Spark needs for a round's jobs, in seconds; measured on one machine, without data. */
  static final double ROUND_SECONDS = 0.5;

  /** Values of a part that has a task of its own. */
  private static final long LEAST_PART = 1 << 20;

  /** Forward, gradient of the input, gradient of the weights. */
  private static final int PASSES = 3;

  /** A multiplication and an addition. */
  private static final int OPERATIONS = 2;

  /** Estimate for a configuration. */
  public static RoundEstimate of(RunConfig config, int classes) {
    Model m = config.model();
    GeneratorArchitecture generator = Networks.architecture(m, classes);
    DiscriminatorArchitecture judge =
        new DiscriminatorArchitecture(classes, m.discriminatorWidth());
    double flops = 0;
    for (List<RunConfig.Domain> domain : List.of(config.data().source(), config.data().target())) {
      double weights = domain.stream().mapToDouble(RunConfig.Domain::weight).sum();
      for (RunConfig.Domain split : domain) {
        long pixels = split.trained().pixels();
        double products =
            NetworkSizes.of(generator, pixels).products()
                + m.levels().size() * NetworkSizes.of(judge, pixels).products();
        flops += PASSES * OPERATIONS * products * (split.weight() / weights);
      }
    }
    Cluster c = config.cluster();
    long state = MemoryEstimate.of(config, classes).stateBytes();
    return new RoundEstimate(
        state,
        c.exchange() == Cluster.Exchange.BFLOAT16 ? state / 2 : state,
        c.workers(),
        (int) Math.max(1, Math.min(c.slices(), state / Float.BYTES / LEAST_PART)),
        flops * config.optimizer().imagesOfAnIteration());
  }

  /**
   * Bytes that a round sends over the network: the state to every worker, all slices but the own
   * ones between workers, the mean to the driver.
   */
  public long networkBytes() {
    return (workers + 1L) * stateBytes + (workers - 1L) * sentBytes;
  }

  /** The same rounds with another number of workers. */
  RoundEstimate of(int others) {
    return new RoundEstimate(stateBytes, sentBytes, others, parts, flops);
  }

  /**
   * Bytes that have to pass one machine after the other: a state comes to every worker, what they
   * send goes to those that average, and a state to the driver. With more workers than parts, some
   * machine averages a part of as many states and receives more than it sends.
   */
  double movedBytes() {
    return 2.0 * stateBytes + sentBytes * Math.max(1, (double) workers / parts);
  }

  /** Seconds of a round that are not computing, at a network rate for each machine. */
  public double averagingSeconds(double bytesPerSecond) {
    return ROUND_SECONDS + movedBytes() / bytesPerSecond;
  }

  /** The least averaging interval with which averaging takes at most a share of the time. */
  public int leastInterval(double share, double bytesPerSecond, double secondsPerIteration) {
    return new RoundCost(secondsPerIteration, averagingSeconds(bytesPerSecond))
        .leastInterval(share);
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
        String.format(
            Locale.ROOT,
            "computed: a state, and a checkpoint, is %d MB; a round sends %d MB over the network",
            stateBytes >> 20,
            networkBytes() >> 20),
        String.format(
            Locale.ROOT,
            "computed: an iteration is %.2f TFLOP per worker; an epoch is %d iterations and, on S3, %d requests",
            flops / 1e12,
            iterationsPerEpoch(sourceImages),
            requestsPerEpoch(sourceImages)));
  }
}
