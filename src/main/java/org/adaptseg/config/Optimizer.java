package org.adaptseg.config;

import java.io.Serializable;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.Formerly;
import org.adaptseg.config.yaml.Keyed;
import org.adaptseg.config.yaml.Ranges;

/**
 * The optimisers.
 *
 * @param generator momentum SGD
 * @param discriminator Adam
 * @param decay learning-rate decay of both
 * @param iterSize forward passes of each domain whose gradients an iteration adds up, at least 1
 * @param batchSize images of a forward pass, at least 1; they share the statistics of batch
 *     normalisation. Above 1, all images of a domain have one size, or crops of one size
 * @param warmup a rise of the generator's learning rate at the beginning
 */
public record Optimizer(
    @Default("{}") Generator generator,
    @Default("{}") Discriminator discriminator,
    @Default("{}") Decay decay,
    @Default("1") int iterSize,
    @Default("1") int batchSize,
    @Default("{}") Warmup warmup)
    implements Serializable {
  public Optimizer {
    new Ranges()
        .atLeast("iterSize", iterSize, 1)
        .atLeast("batchSize", batchSize, 1)
        .verify(Optimizer.class);
  }

  /** Images of each domain that an iteration takes. */
  public int imagesOfAnIteration() {
    return Math.multiplyExact(iterSize, batchSize);
  }

  /**
   * SGD with momentum in PyTorch's form.
   *
   * @param learningRate initial learning rate, above 0
   * @param momentum from 0 to below 1
   * @param weightDecay at least 0
   * @param headFactor learning rate of the heads relative to the rest, above 0
   * @param updates how often a tensor is updated in an iteration
   */
  public record Generator(
      @Default("0.00025") double learningRate,
      @Default("0.9") double momentum,
      @Default("0.0005") double weightDecay,
      @Default("10") double headFactor,
      @Default("once") @Formerly("duplicate-updates") Updates updates)
      implements Serializable {
    public Generator {
      new Ranges()
          .above("learningRate", learningRate, 0)
          .fraction("momentum", momentum)
          .atLeast("weightDecay", weightDecay, 0.0)
          .above("headFactor", headFactor, 0)
          .verify(Generator.class);
    }
  }

  /**
   * Adam.
   *
   * @param learningRate initial learning rate, above 0
   * @param beta1 decay of the first moment, from 0 to below 1
   * @param beta2 decay of the second moment, from 0 to below 1
   * @param epsilon above 0
   */
  public record Discriminator(
      @Default("0.0001") double learningRate,
      @Default("0.9") double beta1,
      @Default("0.99") double beta2,
      @Default("1.0e-8") double epsilon)
      implements Serializable {
    public Discriminator {
      new Ranges()
          .above("learningRate", learningRate, 0)
          .fraction("beta1", beta1)
          .fraction("beta2", beta2)
          .above("epsilon", epsilon, 0)
          .verify(Discriminator.class);
    }
  }

  /**
   * Learning rates are multiplied by (1 - t / totalIterations)^power at iteration t.
   *
   * @param power at least 0
   * @param totalIterations at least the schedule's iterations
   */
  public record Decay(@Default("0.9") double power, @Default("250000") long totalIterations)
      implements Serializable {
    public Decay {
      new Ranges()
          .atLeast("power", power, 0.0)
          .atLeast("totalIterations", totalIterations, 1)
          .verify(Decay.class);
    }
  }

  /**
   * The generator's learning rate, decayed, is multiplied by start + (1 − start) · t / iterations
   * in the first iterations, as in mmcv's linear warm-up; discriminators have none. Beside {@code
   * cluster.warmup}, which is about several workers.
   *
   * @param iterations iterations of the rise, 0 to those of the schedule; 0 is no warm-up
   * @param start factor at the beginning, from 0 to below 1
   */
  public record Warmup(@Default("0") long iterations, @Default("1.0e-6") double start)
      implements Serializable {
    /** No warm-up. */
    public static final Warmup NONE = new Warmup(0, 1e-6);

    public Warmup {
      new Ranges()
          .atLeast("iterations", iterations, 0)
          .fraction("start", start)
          .verify(Warmup.class);
    }
  }

  /** How often the generator's optimiser updates a tensor in an iteration. */
  public enum Updates implements Keyed {
    /** Once. */
    ONCE("once"),
    /**
     * As the published experiments did: the released code's parameter list names the convolutions
     * of a residual block three times and those of a shortcut four times, and the optimiser of
     * PyTorch 0.3 and 0.4 updates them as often, adding the weight decay to the same gradient each
     * time.
     */
    YEAR_2018("2018");

    private final String key;

    Updates(String key) {
      this.key = key;
    }

    @Override
    public String key() {
      return key;
    }
  }
}
