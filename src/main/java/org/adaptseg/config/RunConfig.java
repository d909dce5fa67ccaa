package org.adaptseg.config;

import java.io.Serializable;
import java.util.List;

/**
 * One experiment: everything that a run depends on besides its data. Keys of the YAML file are the
 * component names in kebab case. A value here has passed every check that needs no file; see {@link
 * ConfigLoader} for the rest.
 *
 * @param run name and seed
 * @param schedule the phases, in order
 * @param output where the run writes
 * @param data label space and datasets
 * @param model sizes of the networks
 * @param loss GAN loss and the weights of the losses
 * @param optimizer optimisers and learning-rate decay
 * @param cluster how the work is spread
 * @param evaluation when the run is evaluated
 */
public record RunConfig(
    Run run,
    Schedule schedule,
    Output output,
    Data data,
    @Default("{}") Model model,
    @Default("{}") Loss loss,
    @Default("{}") Optimizer optimizer,
    @Default("{}") Cluster cluster,
    @Default("{}") Evaluation evaluation)
    implements Serializable {

  public RunConfig {
    long planned = schedule.iterations();
    long decay = optimizer.decay().totalIterations();
    // Beyond its end the polynomial (1 - t/T)^p is a power of a negative number.
    new Ranges()
        .check(
            planned <= decay,
            "schedule",
            "at most optimizer.decay.total-iterations = " + decay + " iterations in all",
            planned)
        .verify(RunConfig.class);
  }

  /**
   * What the run is called and what its chance is made of.
   *
   * @param name names the run in reports; letters, digits, dot, dash, underscore
   * @param seed seed of initial weights, sample order and synthetic images
   */
  public record Run(String name, @Default("1") long seed) implements Serializable {
    public Run {
      new Ranges()
          .check(
              name.matches("[A-Za-z0-9._-]{1,100}"),
              "name",
              "1 to 100 letters, digits, dots, dashes or underscores",
              "'" + name + "'")
          .verify(Run.class);
    }
  }

  /**
   * What is trained, in order.
   *
   * @param phases phases in order, at least one; iterations count on from phase to phase
   */
  public record Schedule(List<PhasePlan> phases) implements Serializable {
    public Schedule {
      phases = List.copyOf(phases);
      new Ranges()
          .check(!phases.isEmpty(), "phases", "at least one phase", "none")
          .verify(Schedule.class);
    }

    /** Iterations of all phases together. */
    public long iterations() {
      return phases.stream().mapToLong(PhasePlan::iterations).sum();
    }
  }

  /**
   * One phase of the schedule.
   *
   * @param phase what each iteration does
   * @param iterations number of iterations, 1 to 10^9
   */
  public record PhasePlan(Phase phase, long iterations) implements Serializable {
    public PhasePlan {
      new Ranges()
          .check(
              iterations >= 1 && iterations <= 1_000_000_000L,
              "iterations",
              "1 to 1000000000",
              iterations)
          .verify(PhasePlan.class);
    }
  }

  /**
   * Where the run writes.
   *
   * @param dir run directory: a local path or the URI of a Hadoop file system
   * @param checkpointInterval iterations between checkpoints, at least 1; the end is always saved
   * @param keepCheckpoints how many of the newest checkpoints stay, at least 1
   */
  public record Output(
      String dir, @Default("5000") long checkpointInterval, @Default("3") int keepCheckpoints)
      implements Serializable {
    public Output {
      new Ranges()
          .notBlank("dir", dir)
          .atLeast("checkpointInterval", checkpointInterval, 1)
          .atLeast("keepCheckpoints", keepCheckpoints, 1)
          .verify(Output.class);
    }
  }

  /**
   * What is read.
   *
   * @param classes label space: a shipped name or the path of a .yaml file
   * @param source labelled images
   * @param target images whose labels training never sees
   * @param evaluation labelled images of the target domain that are in no training split
   * @param prefetchThreads threads of a worker that decode ahead, at least 1
   * @param prefetchSamples samples that a worker decodes ahead, at least 1
   * @param cacheSamples decoded samples that an executor keeps, at least 0
   * @param maxPixels images with more pixels are refused before they are decoded
   */
  public record Data(
      String classes,
      Domain source,
      Domain target,
      Domain evaluation,
      @Default("1") int prefetchThreads,
      @Default("4") int prefetchSamples,
      @Default("0") int cacheSamples,
      @Default("100000000") long maxPixels)
      implements Serializable {
    public Data {
      new Ranges()
          .notBlank("classes", classes)
          .atLeast("prefetchThreads", prefetchThreads, 1)
          .atLeast("prefetchSamples", prefetchSamples, 1)
          .atLeast("cacheSamples", cacheSamples, 0)
          .atLeast("maxPixels", maxPixels, 1)
          .check(source.pixels() <= maxPixels, "source", limit(maxPixels), source.pixels())
          .check(target.pixels() <= maxPixels, "target", limit(maxPixels), target.pixels())
          .check(
              evaluation.pixels() <= maxPixels, "evaluation", limit(maxPixels), evaluation.pixels())
          .verify(Data.class);
    }

    private static String limit(long maxPixels) {
      return "width * height of at most max-pixels = " + maxPixels;
    }
  }

  /**
   * One split of a dataset at the size that the networks see.
   *
   * @param dataset a shipped description's name or the path of a .yaml file
   * @param root where the dataset's files are: a local path or a URI; unused by drawn datasets
   * @param split name of a split that the description defines
   * @param width pixels that images are resized to, at least {@value #LEAST_SIDE}
   * @param height pixels that images are resized to, at least {@value #LEAST_SIDE}
   */
  public record Domain(
      String dataset, @Default("''") String root, String split, int width, int height)
      implements Serializable {
    /** Five convolutions of stride 2, the discriminator, leave one pixel of a side of 32. */
    public static final int LEAST_SIDE = 32;

    public Domain {
      String why = "at least " + LEAST_SIDE + " (the discriminator halves it five times)";
      new Ranges()
          .notBlank("dataset", dataset)
          .notBlank("split", split)
          .check(width >= LEAST_SIDE, "width", why, width)
          .check(height >= LEAST_SIDE, "height", why, height)
          .verify(Domain.class);
    }

    /** Pixels of a resized image. */
    public long pixels() {
      return (long) width * height;
    }
  }

  /**
   * Sizes of the networks; the defaults are ResNet-101 as released with the paper.
   *
   * @param layers residual blocks of the four stages, each at least 1
   * @param baseWidth channels of the stem, at least 1; stage i has 4 * 2^i times as many
   * @param headRates dilations of a head's parallel convolutions, distinct, each at least 1
   * @param discriminatorWidth channels of a discriminator's first convolution, at least 1
   */
  public record Model(
      @Default("[3, 4, 23, 3]") List<Integer> layers,
      @Default("64") int baseWidth,
      @Default("[6, 12]") List<Integer> headRates,
      @Default("64") int discriminatorWidth)
      implements Serializable {
    public Model {
      layers = List.copyOf(layers);
      headRates = List.copyOf(headRates);
      new Ranges()
          .check(
              layers.size() == 4 && layers.stream().allMatch(n -> n >= 1 && n <= 1000),
              "layers",
              "4 block counts from 1 to 1000",
              layers)
          .check(baseWidth >= 1 && baseWidth <= 4096, "baseWidth", "1 to 4096", baseWidth)
          .check(
              !headRates.isEmpty() && headRates.stream().allMatch(n -> n >= 1 && n <= 1000),
              "headRates",
              "at least one dilation, each from 1 to 1000",
              headRates)
          .noDuplicates("headRates", headRates)
          .check(
              discriminatorWidth >= 1 && discriminatorWidth <= 4096,
              "discriminatorWidth",
              "1 to 4096",
              discriminatorWidth)
          .verify(Model.class);
    }
  }

  /**
   * The losses; weights are per output level.
   *
   * @param gan loss of the discriminators and of fooling them
   * @param segmentationWeight lambda_seg per level
   * @param adversarialWeight lambda_adv per level
   */
  public record Loss(
      @Default("vanilla") GanLoss gan,
      @Default("{aux: 0.1, main: 1.0}") LevelWeights segmentationWeight,
      @Default("{aux: 0.0002, main: 0.001}") LevelWeights adversarialWeight)
      implements Serializable {
    public Loss {
      new Ranges()
          .check(
              segmentationWeight.main() > 0,
              "segmentationWeight",
              "a main weight above 0 (evaluation reads the main level)",
              segmentationWeight.main())
          .verify(Loss.class);
    }
  }

  /**
   * The optimisers.
   *
   * @param generator momentum SGD
   * @param discriminator Adam
   * @param decay learning-rate decay of both
   * @param iterSize samples accumulated in an iteration, at least 1
   */
  public record Optimizer(
      @Default("{}") Generator generator,
      @Default("{}") Discriminator discriminator,
      @Default("{}") Decay decay,
      @Default("1") int iterSize)
      implements Serializable {
    public Optimizer {
      new Ranges().atLeast("iterSize", iterSize, 1).verify(Optimizer.class);
    }
  }

  /**
   * SGD with momentum in PyTorch's form.
   *
   * @param learningRate initial learning rate, above 0
   * @param momentum from 0 to below 1
   * @param weightDecay at least 0
   * @param headFactor learning rate of the heads relative to the rest, above 0
   * @param duplicateUpdates reproduce the released code, whose parameter list names modules
   *     repeatedly, so that their parameters are updated several times a step
   */
  public record Generator(
      @Default("0.00025") double learningRate,
      @Default("0.9") double momentum,
      @Default("0.0005") double weightDecay,
      @Default("10") double headFactor,
      @Default("false") boolean duplicateUpdates)
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
   * How the work is spread.
   *
   * @param workers learners that train side by side, at least 1
   * @param threadsPerWorker threads of a worker's kernels, at least 1; part of the configuration
   *     because the bits of a result depend on it
   * @param averagingInterval iterations of a round, after which states are averaged, at least 1
   * @param slices parts that a state is cut into for averaging, at least 1
   */
  public record Cluster(
      @Default("1") int workers,
      @Default("2") int threadsPerWorker,
      @Default("20") int averagingInterval,
      @Default("8") int slices)
      implements Serializable {
    public Cluster {
      new Ranges()
          .atLeast("workers", workers, 1)
          .atLeast("threadsPerWorker", threadsPerWorker, 1)
          .atLeast("averagingInterval", averagingInterval, 1)
          .atLeast("slices", slices, 1)
          .verify(Cluster.class);
    }
  }

  /**
   * When the run is evaluated.
   *
   * @param interval iterations between evaluations; the end is always evaluated, 0 means only it
   */
  public record Evaluation(@Default("5000") long interval) implements Serializable {
    public Evaluation {
      new Ranges().atLeast("interval", interval, 0).verify(Evaluation.class);
    }
  }
}
