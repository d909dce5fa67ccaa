package org.adaptseg.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.adaptseg.config.Level;
import org.adaptseg.config.Loss;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.Sample;
import org.adaptseg.data.image.Image;
import org.adaptseg.engine.Promise;
import org.adaptseg.nn.training.Domain;
import org.adaptseg.nn.training.Predictions;
import org.adaptseg.nn.training.Teacher;
import org.adaptseg.nn.training.TeacherLabels;
import org.adaptseg.train.schedule.LearningRates;

/**
 * One iteration of the method (Tsai et al. 2018, §3): the generator learns to segment source images
 * and to make target predictions look like source ones; the discriminators learn to tell them
 * apart.
 */
public final class AdaptationStep {
  /** Weight of the source and of the target half of a discriminator's loss. */
  private static final double HALF = 0.5;

  /** Term of MinEnt (Vu et al. 2019). */
  private static final String ENTROPY = "entropy";

  /**
   * Terms of DACS (Tranheden et al. 2021): the loss on mixed images, the weight of their target.
   */
  private static final String MIXED = "mixed";

  private static final String CONFIDENT = "confident";

  private final Networks networks;
  private final RunConfig config;
  private final Loss loss;
  private final List<Float> classWeights;
  private final int iterSize;
  private final int batchSize;
  private final LearningRates rates;

  /** A step without class weights. */
  public AdaptationStep(Networks networks, RunConfig config) {
    this(networks, config, List.of());
  }

  /**
   * A step on these networks with the configuration's losses and rates.
   *
   * @param classes names of the classes, for their weights
   */
  public AdaptationStep(Networks networks, RunConfig config, List<String> classes) {
    this.networks = networks;
    this.config = config;
    this.loss = config.loss();
    this.classWeights = loss.classWeights(classes);
    this.iterSize = config.optimizer().iterSize();
    this.batchSize = config.optimizer().batchSize();
    this.rates = LearningRates.of(config);
  }

  /** Where an iteration takes its samples from: one call per image of each sub-iteration. */
  public interface Samples {
    /** The next labelled source sample. */
    Sample.Labelled source();

    /** The next target sample; called in a phase that takes such samples only. */
    Sample.Unlabelled target();

    /** The next target sample with its labels; called in a phase that takes such samples only. */
    default Sample.Labelled labelledTarget() {
      throw new IllegalStateException(
          "Cannot train an oracle: expected labelled target samples, found a source of others");
    }
  }

  /**
   * Makes one iteration: gradients of {@code iter-size} sub-iterations, then one update of every
   * network.
   *
   * @param iteration global iteration, from 0; decides the learning rates
   * @param discriminatorStep number of this discriminator update, from 1
   * @throws NonFiniteException when a loss or a gradient is not finite; no network was updated, but
   *     running statistics have moved and gradients may be pending
   */
  public Losses run(Phase phase, long iteration, long discriminatorStep, Samples samples) {
    Sums sums = new Sums();
    Losses losses;
    try {
      losses = gradients(phase, iteration, samples, sums);
    } catch (Promise.OverflowException e) {
      throw new NonFiniteException(e.what(), sums.samples());
    }
    networks.generator().update(rates.generatorAt(iteration));
    if (phase.discriminators()) {
      for (Level level : networks.levels()) {
        networks
            .discriminator(level)
            .update(rates.discriminator().at(iteration), discriminatorStep);
      }
    }
    networks.teacher().ifPresent(teacher -> follow(teacher, iteration, sums));
    return losses;
  }

  /** Gathers gradients, which are finite, as the losses are. */
  private Losses gradients(Phase phase, long iteration, Samples samples, Sums sums) {
    if (iteration == 0) {
      // Initial weights of a file are the generator's alone.
      networks.teacher().ifPresent(Teacher::copy);
    }
    for (int i = 0; i < iterSize; i++) {
      // The oracle's labelled images stand where source images stand: they move the statistics.
      List<Sample.Labelled> labelled =
          batch(phase.sources() ? samples::source : samples::labelledTarget, sums);
      Predictions source = segment(labelled, sums);
      if (phase.targets()) {
        List<Sample.Unlabelled> target = batch(samples::target, sums);
        if (!phase.teacher() || phase.discriminators() || minimisesEntropy()) {
          adapt(phase, source, target, sums);
        }
        if (phase.teacher()) {
          learnMixed(iteration, i * batchSize, labelled, target, sums);
        }
      }
    }
    Losses losses = sums.losses();
    requireFiniteGradients(phase, sums);
    return losses;
  }

  private boolean minimisesEntropy() {
    return networks.levels().stream().anyMatch(level -> loss.entropy(level) > 0);
  }

  private static void follow(Teacher teacher, long iteration, Sums sums) {
    try {
      teacher.followAfter(iteration);
    } catch (ArithmeticException e) {
      throw new NonFiniteException("a parameter after the updates", sums.samples());
    }
  }

  private <S extends Sample> List<S> batch(Supplier<S> samples, Sums sums) {
    List<S> batch = new ArrayList<>(batchSize);
    for (int i = 0; i < batchSize; i++) {
      S sample = samples.get();
      sums.samples.add(sample.id());
      batch.add(sample);
    }
    return batch;
  }

  private void requireFiniteGradients(Phase phase, Sums sums) {
    Map<String, Promise<Boolean>> finite = new LinkedHashMap<>();
    finite.put("the generator's gradient", networks.generator().gradientsAreFinite());
    if (phase.discriminators()) {
      for (Level level : networks.levels()) {
        finite.put(
            "the gradient of discriminator " + level,
            networks.discriminator(level).gradientsAreFinite());
      }
    }
    finite.forEach(
        (what, isFinite) -> {
          if (!isFinite.get()) {
            throw new NonFiniteException(what, sums.samples());
          }
        });
  }

  /** L_seg on source images, eq. (3): CE of every level, times its λ_seg. */
  private Predictions segment(List<Sample.Labelled> batch, Sums sums) {
    Predictions source = predict(Domain.SOURCE, batch);
    byte[] labels = labels(batch);
    for (Level level : networks.levels()) {
      double weight = loss.segmentation(level) / iterSize;
      Promise<Double> value = source.segmentationLoss(level, labels, weight, classWeights);
      sums.add(Losses.SEGMENTATION, level, value, batch);
    }
    networks.generator().backward(source);
    return source;
  }

  /** The labels of a batch, image by image. */
  private static byte[] labels(List<Sample.Labelled> batch) {
    byte[] first = batch.get(0).labels().values();
    if (batch.size() == 1) {
      return first;
    }
    byte[] all = new byte[Math.multiplyExact(first.length, batch.size())];
    for (int i = 0; i < batch.size(); i++) {
      System.arraycopy(batch.get(i).labels().values(), 0, all, i * first.length, first.length);
    }
    return all;
  }

  /** What is learnt from target images: what discriminators say of them, and their entropy. */
  private void adapt(Phase phase, Predictions source, List<Sample.Unlabelled> batch, Sums sums) {
    Predictions target = predict(Domain.TARGET, batch);
    for (Level level : networks.levels()) {
      if (phase.discriminators()) {
        align(level, source, target, batch, sums);
      }
      if (loss.entropy(level) > 0) {
        double weight = loss.entropy(level) / iterSize;
        sums.add(ENTROPY, level, target.entropyLoss(level, weight), batch);
      }
    }
    networks.generator().backward(target);
  }

  /** L_adv on target images, eq. (4), then L_d on both predictions, eq. (2). */
  private void align(
      Level level,
      Predictions source,
      Predictions target,
      List<Sample.Unlabelled> batch,
      Sums sums) {
    double half = HALF / iterSize;
    var discriminator = networks.discriminator(level);
    double weight = loss.adversarial(level) / iterSize;
    sums.add(Losses.ADVERSARIAL, level, discriminator.fool(target, weight), batch);
    // The target was just judged with the same weights, so that forward serves here too.
    Promise<Double> onTarget = discriminator.learnLast(Domain.TARGET, half);
    Promise<Double> onSource = discriminator.learn(source, Domain.SOURCE, half);
    sums.add(
        Losses.DISCRIMINATOR, level, () -> (onTarget.get() + onSource.get()) * iterSize, batch);
  }

  /** The teacher labels target images, and the generator learns from mixtures of both domains. */
  private void learnMixed(
      long iteration,
      int place,
      List<Sample.Labelled> source,
      List<Sample.Unlabelled> target,
      Sums sums) {
    List<Image> images = target.stream().map(Sample::image).toList();
    double confidence = loss.selfTraining().confidence();
    TeacherLabels labels =
        networks
            .teacher()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Cannot train on mixed images: expected a teacher, found a schedule of"
                            + " phases without one"))
            .label(images, confidence);
    MixedBatch mixed = MixedBatch.of(config, iteration, place, source, target, labels);
    Predictions predictions = predict(Domain.TARGET, mixed.images());
    for (Level level : networks.levels()) {
      double weight = loss.selfTraining().weight() * loss.segmentation(level) / iterSize;
      Promise<Double> value = mixed.loss(predictions, level, weight, classWeights);
      sums.add(MIXED, level, value, mixed.images());
    }
    sums.add(CONFIDENT, Level.MAIN, Promise.of(labels.confident()), target);
    networks.generator().backward(predictions);
  }

  private Predictions predict(Domain domain, List<? extends Sample> batch) {
    return networks.generator().predict(domain, batch.stream().map(Sample::image).toList());
  }

  /** A loss of a sub-iteration, read when all are computed. */
  private record Summand(
      String term, Level level, Promise<Double> value, List<? extends Sample> batch) {
    double read() {
      double read = value.get();
      if (!Double.isFinite(read)) {
        throw new NonFiniteException(
            "the %s loss (%s, %s)".formatted(term, level, read),
            batch.stream().map(Sample::id).collect(Collectors.joining(", ")));
      }
      return read;
    }
  }

  private final class Sums {
    private final List<Summand> summands = new ArrayList<>();
    private final Set<String> samples = new LinkedHashSet<>();

    String samples() {
      return String.join(", ", samples);
    }

    void add(String term, Level level, Promise<Double> value, List<? extends Sample> batch) {
      summands.add(new Summand(term, level, value, batch));
    }

    Losses losses() {
      Map<String, Map<Level, Double>> terms = new LinkedHashMap<>();
      for (Summand s : summands) {
        terms
            .computeIfAbsent(s.term(), t -> new LinkedHashMap<>())
            .merge(s.level(), s.read(), Double::sum);
      }
      terms.values().forEach(levels -> levels.replaceAll((level, sum) -> sum / iterSize));
      return new Losses(terms);
    }
  }
}
