package org.adaptseg.config;

import java.io.Serializable;
import java.util.List;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.OneOrMore;
import org.adaptseg.config.yaml.Ranges;
import org.adaptseg.config.yaml.Shorthand;

/**
 * How the work is spread.
 *
 * @param workers learners that train side by side, at least 1
 * @param threadsPerWorker threads of a worker's kernels, at least 1; part of the configuration
 *     because the bits of a result depend on it
 * @param engine what computes: {@code onednn} on processors, {@code nd4j} on whatever ND4J's
 *     backend in the job jar has, {@code cuda} on GPUs, or {@code auto}, which takes a GPU's where
 *     Spark assigned one, else oneDNN; part of the configuration because the bits of a result
 *     depend on it
 * @param precision type of feature maps and convolutions: {@code float32}, {@code tf32} on GPUs,
 *     {@code bfloat16}, {@code float16} on GPUs, or {@code auto}, which is bfloat16 where the
 *     processor (avx512_bf16 or AMX) or the GPU (compute capability 8.0 or above) has instructions
 *     for it, float16 on other GPUs from compute capability 7.5 on, and float32 elsewhere; part of
 *     the configuration because results depend on it
 * @param lossScale with {@code float16} only: what gradients of feature maps are multiplied by, so
 *     that small ones are not lost, a power of 2 from 1 to 16777216; with a smaller one, larger
 *     ones have room
 * @param instructionSet limit of the processors' instructions, on which the bits of a result
 *     depend; workers whose processors differ within it are refused, unless it is {@code any}
 * @param averagingInterval iterations of a round, after which states are averaged, at least 1: one
 *     number, or several that follow each other, each with the share of the schedule up to which it
 *     applies and the last one alone
 * @param slices parts that a state is cut into for averaging at most, at least 1; a part has at
 *     least a million values where there are several; of no effect where all workers are in the
 *     driver's process
 * @param exchange what workers send of a round
 * @param scaling what several workers are for
 * @param rateScaling how the generator's learning rate grows with the workers; with {@code scaling:
 *     time} only
 * @param warmup share of the schedule in which the generator's learning rate rises in a line from
 *     that of one worker to that of all, from 0 to below 1; with {@code scaling: time} only
 * @param outer a step on the mean of the workers
 */
public record Cluster(
    @Default("1") int workers,
    @Default("2") int threadsPerWorker,
    @Default("auto") Arithmetic.Engine engine,
    @Default("float32") Precision precision,
    @Default("65536") int lossScale,
    @Default("native") InstructionSet instructionSet,
    @OneOrMore @Default("20") List<Averaging> averagingInterval,
    @Default("8") int slices,
    @Default("float32") Exchange exchange,
    @Default("time") Scaling scaling,
    @Default("linear") RateScaling rateScaling,
    @Default("0.05") double warmup,
    @Default("{}") Outer outer)
    implements Serializable {
  private static final int GREATEST_SCALE = 1 << 24;

  public Cluster {
    averagingInterval = List.copyOf(averagingInterval);
    new Ranges()
        .atLeast("workers", workers, 1)
        .atLeast("threadsPerWorker", threadsPerWorker, 1)
        .check(
            lossScale >= 1 && lossScale <= GREATEST_SCALE && Integer.bitCount(lossScale) == 1,
            "lossScale",
            "a power of 2 from 1 to " + GREATEST_SCALE,
            lossScale)
        .check(
            Averaging.ascend(averagingInterval),
            "averagingInterval",
            "intervals with an until above that of the one before, the last one without",
            averagingInterval.stream().map(Averaging::until).toList())
        .atLeast("slices", slices, 1)
        .fraction("warmup", warmup)
        .verify(Cluster.class);
  }

  /** The same with another number of workers. */
  public Cluster with(int other) {
    return new Cluster(
        other,
        threadsPerWorker,
        engine,
        precision,
        lossScale,
        instructionSet,
        averagingInterval,
        slices,
        exchange,
        scaling,
        rateScaling,
        warmup,
        outer);
  }

  /** What numbers are computed in and with. */
  public Arithmetic arithmetic() {
    return new Arithmetic(engine, precision, instructionSet, threadsPerWorker, lossScale);
  }

  /**
   * An interval of averaging; the value of {@code iterations} alone stands for one that applies to
   * the end.
   *
   * @param iterations iterations of a round, at least 1
   * @param until share of the schedule up to which it applies, above 0 to 1; a round ends there
   */
  @Shorthand("iterations")
  public record Averaging(int iterations, @Default("1") double until) implements Serializable {
    public Averaging {
      new Ranges()
          .atLeast("iterations", iterations, 1)
          .check(until > 0 && until <= 1, "until", "a number above 0 to 1", until)
          .verify(Averaging.class);
    }

    /** One interval for the whole run. */
    public static List<Averaging> every(int iterations) {
      return List.of(new Averaging(iterations, 1));
    }

    private static boolean ascend(List<Averaging> intervals) {
      double before = 0;
      for (Averaging interval : intervals) {
        if (interval.until() <= before) {
          return false;
        }
        before = interval.until();
      }
      return before == 1;
    }
  }

  /** What workers send of a round; means and the driver's state are float32 whatever this is. */
  public enum Exchange {
    /** Their states. */
    FLOAT32,
    /**
     * How trained parameters and what the optimisers keep differ from what the round began with,
     * rounded to bfloat16, which is half as much; everything else as it is.
     */
    BFLOAT16
  }

  /** What several workers are for. */
  public enum Scaling {
    /**
     * The same result sooner. The schedule is stated for one worker: N workers make 1/N of its
     * iterations, decay of the learning rates and intervals of checkpoints and evaluations are
     * shortened alike, and the generator's rate grows as {@code rate-scaling} says.
     */
    TIME,
    /** More work: every worker makes all iterations of the schedule, with the rates as stated. */
    WORK
  }

  /**
   * A step on the mean of the workers' trained parameters, once a round: with D the way of the mean
   * in the round, v = momentum · v + D, and the parameters move by learning-rate · v. The driver
   * keeps v, and checkpoints do.
   *
   * @param networks whose parameters take the step
   * @param momentum from 0 to below 1
   * @param learningRate above 0; 1 without momentum is the plain mean
   * @param nesterov whether the parameters move by learning-rate · (momentum · v + D)
   */
  public record Outer(
      @Default("none") OuterNetworks networks,
      @Default("0.9") double momentum,
      @Default("0.7") double learningRate,
      @Default("true") boolean nesterov)
      implements Serializable {
    /** The plain mean. */
    public static final Outer NONE = new Outer(OuterNetworks.NONE, 0.9, 0.7, true);

    public Outer {
      new Ranges()
          .fraction("momentum", momentum)
          .above("learningRate", learningRate, 0)
          .verify(Outer.class);
    }
  }

  /** Networks that take the outer step. */
  public enum OuterNetworks {
    /** None: the plain mean. */
    NONE,
    /** The generator. */
    GENERATOR,
    /** The discriminators, in rounds that train them. */
    DISCRIMINATORS,
    /** All of them. */
    BOTH;

    /** Whether the generator does. */
    public boolean generator() {
      return this == GENERATOR || this == BOTH;
    }

    /** Whether the discriminators do. */
    public boolean discriminators() {
      return this == DISCRIMINATORS || this == BOTH;
    }
  }

  /** How the generator's learning rate grows with the number N of workers. */
  public enum RateScaling {
    /** By N (Goyal et al. 2017). */
    LINEAR,
    /** By the square root of N. */
    SQUARE_ROOT,
    /** Not at all. */
    NONE
  }
}
