package org.adaptseg.nn.loss;

import org.adaptseg.config.GanLoss;

/**
 * Loss of a discriminator's logits z against a domain label y (source 0, target 1), mean over the
 * patches.
 *
 * <ul>
 *   <li>{@code VANILLA}: binary cross-entropy on logits, max(z, 0) − z y + log(1 + e^−|z|); eq. (2)
 *       and (4) of the paper
 *   <li>{@code LEAST_SQUARES}: (z − y)²
 * </ul>
 */
public final class AdversarialLoss {
  private final GanLoss kind;

  /** The loss of this kind. */
  public AdversarialLoss(GanLoss kind) {
    this.kind = kind;
  }

  /** Label of predictions on source images. */
  public static final double SOURCE = 0;

  /** Label of predictions on target images. */
  public static final double TARGET = 1;

  /**
   * @param weight factor of the gradient; the loss is unweighted
   */
  public LossValue at(float[] logits, double label, double weight) {
    float[] gradient = new float[logits.length];
    double sum = 0;
    double factor = weight / logits.length;
    for (int i = 0; i < logits.length; i++) {
      double z = logits[i];
      switch (kind) {
        case VANILLA -> {
          sum += Math.max(z, 0) - z * label + Math.log1p(Math.exp(-Math.abs(z)));
          gradient[i] = (float) ((1 / (1 + Math.exp(-z)) - label) * factor);
        }
        case LEAST_SQUARES -> {
          sum += (z - label) * (z - label);
          gradient[i] = (float) (2 * (z - label) * factor);
        }
      }
    }
    return new LossValue(sum / logits.length, gradient);
  }
}
