package org.adaptseg.engine;

import java.util.List;
import org.adaptseg.config.GanLoss;

/**
 * The losses with their gradients. {@code scores} are logits at the size of the image and {@code
 * probabilities} their softmax, both {@link Tensor.Kind#PIXELS}. A {@code weight} is a factor of
 * the gradient; the loss that is given is unweighted. An engine may multiply all gradients by a
 * scale of its own, which {@link Convolution#backwardWeights} divides by.
 */
public interface Losses {
  /** The label that is left out. */
  int IGNORE = 255;

  /** Whose loss an adversarial one is, and on which predictions. */
  enum Side {
    /** What the discriminator minimises on source predictions. */
    SOURCE,
    /** What the discriminator minimises on target predictions. */
    TARGET,
    /** What the generator minimises on target predictions. */
    FOOL
  }

  /**
   * Pixel-wise cross-entropy, mean over the pixels whose label is not ignored; eq. (3) of Tsai et
   * al. 2018. With class weights the mean is weighted, Σ w_y l / Σ w_y, as PyTorch's is. Images of
   * ignored pixels alone have loss 0 and gradient 0.
   *
   * @param labels one per pixel, 0 to C − 1 or {@link #IGNORE}
   * @param classWeights one per class, at least 0, or empty where all are 1
   * @param gradient with respect to the scores, overwritten; may be {@code scores}
   * @throws IllegalArgumentException for a label that is neither a class nor ignored
   */
  Promise<Double> crossEntropy(
      Tensor scores,
      Tensor probabilities,
      byte[] labels,
      double weight,
      List<Float> classWeights,
      Tensor gradient);

  /**
   * Entropy of predictions over that of an undecided one, −Σ_c p_c log p_c / log C, mean over all
   * pixels: MinEnt's loss (Vu et al. 2019, section 3.1).
   *
   * @param scores overwritten by the gradient with respect to them
   */
  Promise<Double> entropy(Tensor scores, Tensor probabilities, double weight);

  /**
   * Weighted self-information I_c = −p_c log p_c / log C for each of C classes (Vu et al. 2019,
   * section 3.2): high where the prediction is unsure, 0 for p = 0.
   *
   * @param scores overwritten by I
   */
  void selfInformation(Tensor scores, Tensor probabilities);

  /**
   * Replaces a gradient with respect to I by that with respect to the scores, softmax included.
   *
   * @param gradient overwritten
   */
  void selfInformationBackward(Tensor information, Tensor probabilities, Tensor gradient);

  /**
   * The mean over a discriminator's logits z, one a patch; high ones mean "target".
   *
   * <ul>
   *   <li>{@code VANILLA}, eq. (2) and (4) of Tsai et al. 2018: D log(1 + e^z) on source and log(1
   *       + e^−z) on target predictions, G log(1 + e^z)
   *   <li>{@code LEAST_SQUARES} (Mao et al. 2017): D z² and (z − 1)², G z²
   *   <li>{@code HINGE} (Miyato et al. 2018): D max(0, 1 + z) and max(0, 1 − z), G z
   * </ul>
   *
   * @param logits {@link Tensor.Kind#LOGITS}
   * @param gradient with respect to the logits, of their shape, overwritten
   */
  Promise<Double> adversarial(
      GanLoss objective, Side side, Tensor logits, double weight, Tensor gradient);
}
