package org.adaptseg.nn.loss;

import org.adaptseg.config.GanLoss;

/**
 * What a discriminator D minimises on source and on target predictions, and what the generator G
 * minimises on target predictions: means over D's logits z, one a patch. High logits mean "target".
 *
 * <ul>
 *   <li>{@code VANILLA}, eq. (2) and (4) of the paper: D log(1 + e^z) on source and log(1 + e^−z)
 *       on target predictions, G log(1 + e^z)
 *   <li>{@code LEAST_SQUARES} (Mao et al. 2017): D z² and (z − 1)², G z²
 *   <li>{@code HINGE} (Miyato et al. 2018): D max(0, 1 + z) and max(0, 1 − z), G z
 * </ul>
 */
public final class AdversarialLoss {
  /** Label of predictions on source images, where an objective has labels. */
  private static final double SOURCE = 0;

  /** Label of predictions on target images, where an objective has labels. */
  private static final double TARGET = 1;

  /** The loss of one logit and its slope there. */
  private record Point(double loss, double slope) {}

  private interface Curve {
    Point at(double z);
  }

  private record Objective(Curve source, Curve target, Curve fool) {}

  private final Objective objective;

  /** The losses of an objective. */
  public AdversarialLoss(GanLoss kind) {
    this.objective =
        switch (kind) {
          case VANILLA ->
              new Objective(
                  z -> crossEntropy(z, SOURCE),
                  z -> crossEntropy(z, TARGET),
                  z -> crossEntropy(z, SOURCE));
          case LEAST_SQUARES ->
              new Objective(
                  z -> squaredError(z, SOURCE),
                  z -> squaredError(z, TARGET),
                  z -> squaredError(z, SOURCE));
          case HINGE ->
              new Objective(
                  z -> z > -1 ? new Point(1 + z, 1) : new Point(0, 0),
                  z -> z < 1 ? new Point(1 - z, -1) : new Point(0, 0),
                  z -> new Point(z, 1));
        };
  }

  /** Binary cross-entropy on a logit, in a form that does not overflow. */
  private static Point crossEntropy(double z, double label) {
    return new Point(
        Math.max(z, 0) - z * label + Math.log1p(Math.exp(-Math.abs(z))),
        1 / (1 + Math.exp(-z)) - label);
  }

  private static Point squaredError(double z, double label) {
    return new Point((z - label) * (z - label), 2 * (z - label));
  }

  /**
   * What D minimises on source predictions.
   *
   * @param weight factor of the gradient; the loss is unweighted
   */
  public LossValue onSource(float[] logits, double weight) {
    return mean(objective.source(), logits, weight);
  }

  /** What D minimises on target predictions; otherwise as {@link #onSource}. */
  public LossValue onTarget(float[] logits, double weight) {
    return mean(objective.target(), logits, weight);
  }

  /** What G minimises on target predictions; otherwise as {@link #onSource}. */
  public LossValue fool(float[] logits, double weight) {
    return mean(objective.fool(), logits, weight);
  }

  private static LossValue mean(Curve curve, float[] logits, double weight) {
    float[] gradient = new float[logits.length];
    double sum = 0;
    double factor = weight / logits.length;
    for (int i = 0; i < logits.length; i++) {
      Point point = curve.at(logits[i]);
      sum += point.loss();
      gradient[i] = (float) (point.slope() * factor);
    }
    return new LossValue(sum / logits.length, gradient);
  }
}
