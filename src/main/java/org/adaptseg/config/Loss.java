package org.adaptseg.config;

import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.adaptseg.config.data.Jitter;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.Names;
import org.adaptseg.config.yaml.Ranges;

/**
 * The losses; weights are per output level. In a {@link RunConfig} every level of the model has its
 * weights: those of {@code aux} and {@code main} are the paper's where the file is silent.
 *
 * @param gan loss of the discriminators and of fooling them
 * @param segmentationWeight lambda_seg per level, at least 0, that of main above 0
 * @param adversarialWeight lambda_adv per level, at least 0
 * @param adaptation what the discriminators see: predictions, or features of a level's stage
 * @param discriminatorInput form in which they see predictions
 * @param featureStride features are upsampled to one value per this many pixels of the image's
 *     sides, 1 to 8; 1 is the image's size, as in the paper's comparison, and costs its pixels
 *     times the stage's channels in memory
 * @param classWeights weights of classes in the cross-entropy by name; 1 where there is none
 * @param entropyWeight weight per level of the entropy of target predictions over log C (MinEnt, Vu
 *     et al. 2019), at least 0; 0 where there is none. In an adversarial phase it is added to the
 *     adversarial loss
 * @param selfTraining what is learnt from mixed images in phases with self-training
 */
public record Loss(
    @Default("vanilla") GanLoss gan,
    @Default("{}") Map<String, Double> segmentationWeight,
    @Default("{}") Map<String, Double> adversarialWeight,
    @Default("output") Adaptation adaptation,
    @Default("softmax") DiscriminatorInput discriminatorInput,
    @Default("1") int featureStride,
    @Default("{}") Map<String, Double> classWeights,
    @Default("{}") Map<String, Double> entropyWeight,
    @Default("{}") SelfTraining selfTraining)
    implements Serializable {
  private static final Map<String, Double> SEGMENTATION = Map.of("aux", 0.1, "main", 1.0);
  private static final Map<String, Double> ADVERSARIAL = Map.of("aux", 0.0002, "main", 0.001);

  public Loss {
    segmentationWeight = Levels.copy(segmentationWeight);
    adversarialWeight = Levels.copy(adversarialWeight);
    classWeights = Levels.copy(classWeights);
    entropyWeight = Levels.copy(entropyWeight);
    double main = segmentationWeight.getOrDefault(Level.MAIN.name(), 1.0);
    new Ranges()
        .check(
            main > 0,
            "segmentationWeight",
            "a main weight above 0 (evaluation reads the main level)",
            main)
        .weights("segmentationWeight", segmentationWeight)
        .weights("adversarialWeight", adversarialWeight)
        .weights("classWeights", classWeights)
        .weights("entropyWeight", entropyWeight)
        .check(featureStride >= 1 && featureStride <= 8, "featureStride", "1 to 8", featureStride)
        .check(
            adaptation == Adaptation.OUTPUT || discriminatorInput == DiscriminatorInput.SOFTMAX,
            "discriminatorInput",
            "softmax where features are adapted, which are not probabilities",
            Names.kebab(discriminatorInput.name()))
        .verify(Loss.class);
  }

  /** lambda_seg of a level. */
  public double segmentation(Level level) {
    return segmentationWeight.get(level.name());
  }

  /** lambda_adv of a level. */
  public double adversarial(Level level) {
    return adversarialWeight.get(level.name());
  }

  /** Weight of a level's entropy; 0 is not computed. */
  public double entropy(Level level) {
    return entropyWeight.get(level.name());
  }

  /** These losses with the paper's weights where a level of the model has none. */
  Loss completed(Collection<String> levels) {
    return new Loss(
        gan,
        Levels.completed(segmentationWeight, SEGMENTATION, levels),
        Levels.completed(adversarialWeight, ADVERSARIAL, levels),
        adaptation,
        discriminatorInput,
        featureStride,
        classWeights,
        Levels.completed(
            entropyWeight, levels.stream().collect(Collectors.toMap(l -> l, l -> 0.0)), levels),
        selfTraining);
  }

  /** The weight of every class of the head, or nothing where all weigh 1. */
  public List<Float> classWeights(List<String> classes) {
    return classWeights.isEmpty()
        ? List.of()
        : classes.stream().map(c -> classWeights.getOrDefault(c, 1.0).floatValue()).toList();
  }

  /**
   * Self-training on mixed images; the defaults are those of DACS. Levels weigh as on source
   * images, {@code segmentation-weight}.
   *
   * @param weight of the loss on mixed images relative to that on source images, above 0
   * @param teacherMomentum of the exponential mean of the generator's parameters that labels target
   *     images, 0 to below 1; an iteration's step is (1 − this) of the way
   * @param confidence probability, above 0 and at most 1, from which on a label counts as
   *     confident; the share of such pixels is the weight of the pixels that nothing is pasted onto
   * @param jitter random changes of the colours of mixed images
   */
  public record SelfTraining(
      @Default("1") double weight,
      @Default("0.99") double teacherMomentum,
      @Default("0.968") double confidence,
      @Default("{}") Jitter jitter)
      implements Serializable {
    public SelfTraining {
      new Ranges()
          .above("weight", weight, 0)
          .fraction("teacherMomentum", teacherMomentum)
          .check(
              confidence > 0 && confidence <= 1,
              "confidence",
              "a probability above 0 and at most 1",
              confidence)
          .verify(SelfTraining.class);
    }
  }
}
