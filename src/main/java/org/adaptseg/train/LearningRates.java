package org.adaptseg.train;

import org.adaptseg.config.Optimizer;
import org.adaptseg.nn.optimizer.PolynomialDecay;

/**
 * The learning rates of a run by iteration.
 *
 * @param generator of the generator but its heads
 * @param headFactor the heads' rate relative to it
 * @param discriminator of every discriminator
 */
public record LearningRates(
    PolynomialDecay generator, double headFactor, PolynomialDecay discriminator) {

  /** The rates of a configuration. */
  public static LearningRates of(Optimizer optimizer) {
    long total = optimizer.decay().totalIterations();
    double power = optimizer.decay().power();
    return new LearningRates(
        new PolynomialDecay(optimizer.generator().learningRate(), total, power),
        optimizer.generator().headFactor(),
        new PolynomialDecay(optimizer.discriminator().learningRate(), total, power));
  }
}
