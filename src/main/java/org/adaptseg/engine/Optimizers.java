package org.adaptseg.engine;

import java.util.List;

/** Updates of flat vectors, in PyTorch's form. */
public interface Optimizers {
  /**
   * A stretch of a flat vector that is updated alike.
   *
   * @param name of the tensor, for messages
   * @param from first value
   * @param to the one after the last
   * @param rate learning rate
   * @param repeats how often it is updated, each time with the decay added to the gradient of the
   *     time before
   */
  record Stretch(String name, long from, long to, float rate, int repeats) {}

  /**
   * g ← g + λ p; v ← μ v + g; p ← p − rate · v, for the stretches; what is in none of them is left
   * alone.
   *
   * @param momentum μ
   * @param weightDecay λ
   * @param parameters changed
   * @param gradients left alone
   * @param velocity changed
   * @throws ArithmeticException when a gradient is not finite; names the tensor. At the latest, the
   *     next promise that is read throws it.
   */
  void momentumSgd(
      List<Stretch> stretches,
      double momentum,
      double weightDecay,
      Vector parameters,
      Vector gradients,
      Vector velocity);

  /**
   * Adam (Kingma and Ba 2015), ε outside the bias correction of the root.
   *
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the corrected second moment
   */
  record AdamRule(double beta1, double beta2, double epsilon) {}

  /**
   * One update of a whole vector.
   *
   * @param parameters changed
   * @param gradients left alone
   * @param first first moment, changed
   * @param second second moment, changed
   * @param learningRate without the corrections
   * @param step number of this update, from 1
   * @throws ArithmeticException as {@link #momentumSgd}
   */
  void adam(
      AdamRule rule,
      Vector parameters,
      Vector gradients,
      Vector first,
      Vector second,
      double learningRate,
      long step);

  /** Whether every value is a number. */
  Promise<Boolean> areFinite(Vector vector);
}
