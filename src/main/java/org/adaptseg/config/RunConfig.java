package org.adaptseg.config;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.adaptseg.config.data.Augmentation;
import org.adaptseg.config.data.Crop;
import org.adaptseg.config.data.Jitter;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.config.data.RareClassSampling;
import org.adaptseg.config.data.Size;
import org.adaptseg.config.run.Output;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.Location;
import org.adaptseg.config.yaml.OneOrMore;
import org.adaptseg.config.yaml.Ranges;

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
 * @param tracking servers that track the run
 * @param initialWeights what the generator begins with
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
    @Default("{}") Evaluation evaluation,
    @Default("{}") Tracking tracking,
    @Default("{}") InitialWeights initialWeights)
    implements Serializable {

  public RunConfig {
    long planned = schedule.iterations();
    long decay = optimizer.decay().totalIterations();
    loss = loss.completed(model.levels().keySet());
    // Beyond its end the polynomial (1 - t/T)^p is a power of a negative number.
    new Ranges()
        .levels("loss", "segmentation-weight", loss.segmentationWeight(), model.levels().keySet())
        .levels("loss", "adversarial-weight", loss.adversarialWeight(), model.levels().keySet())
        .levels("loss", "entropy-weight", loss.entropyWeight(), model.levels().keySet())
        .check(
            schedule.phases().stream().noneMatch(plan -> plan.phase() == Phase.ENTROPY)
                || loss.entropyWeight().values().stream().anyMatch(weight -> weight > 0),
            "loss",
            "an entropy-weight above 0 where a phase is entropy",
            loss.entropyWeight())
        .check(
            planned <= decay,
            "schedule",
            "at most optimizer.decay.total-iterations = " + decay + " iterations in all",
            planned)
        .check(
            loss.adaptation() == Adaptation.OUTPUT
                || data.leastSide() / loss.featureStride() >= Domain.LEAST_SIDE,
            "loss",
            String.format(
                Locale.ROOT,
                "a feature-stride that leaves %d values of the smallest side, %d pixels",
                Domain.LEAST_SIDE,
                data.leastSide()),
            loss.featureStride())
        .check(
            optimizer.batchSize() == 1 || data.hasOneSizeForEachDomain(),
            "optimizer",
            "batch-size 1 where the splits of a domain have different sizes",
            optimizer.batchSize())
        .check(
            optimizer.warmup().iterations() <= planned,
            "optimizer",
            "a warmup of at most the schedule's " + planned + " iterations",
            optimizer.warmup().iterations())
        .check(
            initialWeights.fit(model, data.normalisation()),
            "initialWeights",
            initialWeights.needs(model),
            InitialWeights.found(model, data.normalisation()))
        .verify(RunConfig.class);
  }

  /** The same run, spread otherwise. */
  public RunConfig with(Cluster other) {
    return new RunConfig(
        run,
        schedule,
        output,
        data,
        model,
        loss,
        optimizer,
        other,
        evaluation,
        tracking,
        initialWeights);
  }

  /**
   * Name of the run and the seed of its random numbers.
   *
   * @param name names the run in reports; letters, digits, dot, dash, underscore
   * @param seed seed of initial weights, sample order and synthetic images
   * @param onNonFinite what happens when a loss or a gradient is no longer a number
   */
  public record Run(String name, @Default("1") long seed, @Default("stop") NonFinite onNonFinite)
      implements Serializable {
    /** A run that stops where a loss or gradient is not finite. */
    public Run(String name, long seed) {
      this(name, seed, NonFinite.STOP);
    }

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

    /** Whether a phase trains on target labels. */
    public boolean readsTargetLabels() {
      return phases.stream().anyMatch(plan -> plan.phase().labelledTargets());
    }

    /** Whether no phase sees target images; the run that others are compared with. */
    public boolean isSourceOnly() {
      return phases.stream()
          .noneMatch(plan -> plan.phase().targets() || plan.phase().labelledTargets());
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
   * What is read.
   *
   * @param classes label space: a shipped name or the path of a .yaml file
   * @param source labelled images: one split, or a list of splits with weights
   * @param target images whose labels training never sees: one split, or a list of splits
   * @param evaluation labelled images of the target domain that are in no training split
   * @param prefetchThreads threads of a worker that decode ahead, at least 1
   * @param prefetchSamples samples that a worker decodes ahead, at least 1
   * @param cacheSamples decoded samples that an executor keeps, at least 0
   * @param maxPixels images with more pixels are refused before they are decoded
   * @param skipBadSamples bad samples of a manifest that a split may leave out, at least 0; they
   *     are counted and named
   * @param checkSamples samples of a listed split that are read before the run begins, at least 0;
   *     of a larger split as many, evenly spread
   * @param augmentation random changes of training samples; none by default, as in the paper
   * @param normalisation how pixels become the network's input; that of the initial weights
   * @param rareClasses whether source images are drawn by the rareness of their classes
   */
  public record Data(
      @Location(orName = true) String classes,
      @OneOrMore List<Domain> source,
      @OneOrMore List<Domain> target,
      Domain evaluation,
      @Default("1") int prefetchThreads,
      @Default("4") int prefetchSamples,
      @Default("0") int cacheSamples,
      @Default("100000000") long maxPixels,
      @Default("0") int skipBadSamples,
      @Default("500") int checkSamples,
      @Default("{}") Augmentation augmentation,
      @Default("caffe") Normalisation normalisation,
      @Default("{}") RareClassSampling rareClasses)
      implements Serializable {
    public Data {
      source = List.copyOf(source);
      target = List.copyOf(target);
      Ranges ranges = new Ranges();
      Domain.check(ranges, "source", source, maxPixels);
      Domain.check(ranges, "target", target, maxPixels);
      Domain.check(ranges, "evaluation", List.of(evaluation), maxPixels);
      ranges
          .check(
              evaluation.weight() == 1,
              "evaluation",
              "no weight, since every image is scored once",
              evaluation.weight())
          .check(
              evaluation.isWhole(),
              "evaluation",
              "neither crop nor jitter, since images are scored whole and as they are",
              "one of them")
          .check(
              !rareClasses.sampling() || source.stream().allMatch(Domain::hasManifest),
              "source",
              "a manifest of each split where rare-classes.sampling is true, since manifests count the pixels of classes (ingest makes one, docs/data.md)",
              "none")
          .notBlank("classes", classes)
          .noPassword("classes", classes)
          .atLeast("prefetchThreads", prefetchThreads, 1)
          .atLeast("prefetchSamples", prefetchSamples, 1)
          .atLeast("cacheSamples", cacheSamples, 0)
          .atLeast("maxPixels", maxPixels, 1)
          .atLeast("skipBadSamples", skipBadSamples, 0)
          .atLeast("checkSamples", checkSamples, 0)
          .verify(Data.class);
    }

    /** Whether all training images of a domain have one size. */
    boolean hasOneSizeForEachDomain() {
      return Stream.of(source, target)
          .allMatch(splits -> splits.stream().map(Domain::trained).distinct().count() == 1);
    }

    /** The smallest side of training images. */
    int leastSide() {
      return Stream.concat(source.stream(), target.stream())
          .mapToInt(domain -> domain.trained().leastSide())
          .min()
          .orElseThrow();
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
   * @param manifest what {@code ingest} wrote of the split; its root is used, not this one's, and
   *     nothing is listed
   * @param weight of this split in a list, relative to the others, above 0: the share of the
   *     domain's samples that are drawn from it
   * @param crop what training sees of an image, once it is resized and changed by {@code
   *     data.augmentation}; evaluation sees whole images
   * @param jitter random changes of the colours of training images, last of all
   */
  public record Domain(
      @Location(orName = true) String dataset,
      @Location @Default("''") String root,
      String split,
      int width,
      int height,
      @Location @Default("''") String manifest,
      @Default("1") double weight,
      @Default("{}") Crop crop,
      @Default("{}") Jitter jitter)
      implements Serializable {
    /** The smallest side of images. */
    public static final int LEAST_SIDE = Crop.LEAST_SIDE;

    public Domain {
      String why = "at least " + LEAST_SIDE + " (the discriminator halves it five times)";
      new Ranges()
          .notBlank("dataset", dataset)
          .noPassword("dataset", dataset)
          .noPassword("root", root)
          .notBlank("split", split)
          .check(width >= LEAST_SIDE, "width", why, width)
          .check(height >= LEAST_SIDE, "height", why, height)
          .above("weight", weight, 0)
          .check(
              crop.fits(width, height),
              "crop",
              "at most the size that images are resized to, " + width + "x" + height,
              crop.width() + "x" + crop.height())
          .verify(Domain.class);
    }

    /** A share below this is no mixture but a mistake in the weights. */
    private static final double LEAST_SHARE = 1e-6;

    private static void check(Ranges ranges, String key, List<Domain> all, long maxPixels) {
      double sum = all.stream().mapToDouble(Domain::weight).sum();
      ranges
          .check(!all.isEmpty(), key, "at least one split", "none")
          .check(
              Double.isFinite(sum) && all.stream().allMatch(d -> d.weight() / sum >= LEAST_SHARE),
              key,
              "weights that give each split at least one sample of a million",
              all.stream().map(Domain::weight).toList())
          .noDuplicates(key, all.stream().map(Domain::place).toList());
      for (Domain domain : all) {
        ranges.check(
            domain.pixels() <= maxPixels,
            key,
            "width * height of at most max-pixels = " + maxPixels,
            domain.pixels());
      }
    }

    /** What makes a split another one than the next of its list. */
    private String place() {
      return dataset + "/" + split + " of '" + (hasManifest() ? manifest : root) + "'";
    }

    /** Name of the dataset for people; a run directory has its description in a file. */
    public String title() {
      return dataset.replaceFirst("^made-from/(.*)\\.yaml$", "$1");
    }

    /** Names of the datasets of a list, for people. */
    public static String datasets(List<Domain> all) {
      return all.stream().map(Domain::title).distinct().collect(Collectors.joining(" and "));
    }

    /**
     * The key of a split of a domain, for messages.
     *
     * @param domain key of the domain
     * @param index from 0
     * @param of number of the domain's splits
     */
    public static String key(String domain, int index, int of) {
      return of == 1 ? domain : String.format(Locale.ROOT, "%s[%d]", domain, index);
    }

    /** A split that is listed. */
    public Domain(String dataset, String root, String split, int width, int height) {
      this(dataset, root, split, width, height, "");
    }

    /** A split alone, seen whole and as it is. */
    public Domain(
        String dataset, String root, String split, int width, int height, String manifest) {
      this(dataset, root, split, width, height, manifest, 1, Crop.NONE, Jitter.NONE);
    }

    /** Whether a manifest says what the split's samples are. */
    public boolean hasManifest() {
      return !manifest.isBlank();
    }

    /** Pixels of a resized image. */
    public long pixels() {
      return (long) width * height;
    }

    /** Size of what training sees of an image. */
    public Size trained() {
      return crop.isNone() ? new Size(width, height) : new Size(crop.width(), crop.height());
    }

    private boolean isWhole() {
      return crop.isNone() && jitter.isNone();
    }
  }
}
