package org.adaptseg.engine.host;

import org.adaptseg.config.GanLoss;
import org.adaptseg.engine.Losses;

/** {@link Losses#adversarial} over logits in an array. */
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
   * A scalar loss and its gradient.
   *
   * @param loss unweighted
   * @param gradient weighted, in the order of the logits
   */
  public record Value(double loss, float[] gradient) {}

  /**
   * The mean over the logits.
   *
   * @param weight factor of the gradient
   */
  public Value at(Losses.Side side, float[] logits, double weight) {
    return switch (side) {
      case SOURCE -> mean(objective.source(), logits, weight);
      case TARGET -> mean(objective.target(), logits, weight);
      case FOOL -> mean(objective.fool(), logits, weight);
    };
  }

  private static Value mean(Curve curve, float[] logits, double weight) {
    float[] gradient = new float[logits.length];
    double sum = 0;
    double factor = weight / logits.length;
    for (int i = 0; i < logits.length; i++) {
      Point point = curve.at(logits[i]);
      sum += point.loss();
      gradient[i] = (float) (point.slope() * factor);
    }
    return new Value(sum / logits.length, gradient);
  }
}
