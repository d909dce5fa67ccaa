package org.adaptseg.nn.optimizer;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.Optimizer.Updates;
import org.adaptseg.engine.Optimizers;
import org.adaptseg.engine.Vector;
import org.adaptseg.nn.ParameterSlice;

/**
 * Momentum SGD in PyTorch's form: v ← μ v + (g + λ p); p ← p − lr v. Heads take lr · headFactor.
 * Frozen parameters and running statistics are left alone.
 *
 * @param momentum μ
 * @param weightDecay λ, on every trained parameter, biases included
 * @param headFactor factor of the heads' learning rate
 * @param updates whether a tensor is updated once an iteration or as often as the released code's
 *     parameter list names it, by the rule of PyTorch 0.3 and 0.4: the decay is added to the
 *     gradient in place, so every further update finds that of those before it, and each continues
 *     from the momentum of the one before
 */
public record MomentumSgd(double momentum, double weightDecay, double headFactor, Updates updates) {

  /**
   * One update.
   *
   * @param slices of the flat vectors
   * @param parameters changed
   * @param gradients left alone
   * @param velocity changed
   * @throws ArithmeticException when a gradient is not finite; names the tensor
   */
  public void step(
      Optimizers optimizers,
      List<ParameterSlice> slices,
      Vector parameters,
      Vector gradients,
      Vector velocity,
      double learningRate) {
    List<Optimizers.Stretch> stretches = new ArrayList<>();
    for (ParameterSlice slice : slices) {
      if (slice.role().trained()) {
        float rate = (float) (slice.head() ? learningRate * headFactor : learningRate);
        int repeats =
            switch (updates) {
              case ONCE -> 1;
              case YEAR_2018 -> slice.duplicates();
            };
        long end = slice.offset() + slice.length();
        stretches.add(new Optimizers.Stretch(slice.key(), slice.offset(), end, rate, repeats));
      }
    }
    optimizers.momentumSgd(stretches, momentum, weightDecay, parameters, gradients, velocity);
  }
}
