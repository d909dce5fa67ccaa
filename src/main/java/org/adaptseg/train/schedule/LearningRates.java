package org.adaptseg.train.schedule;

import java.util.LinkedHashMap;
import java.util.Map;
import org.adaptseg.config.Optimizer;
import org.adaptseg.config.Phase;
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

  /**
   * The rates in an iteration by name: {@code generator} (all but its heads), {@code heads} and,
   * where the phase trains them, {@code discriminator}.
   */
  public Map<String, Double> at(Phase phase, long iteration) {
    Map<String, Double> rates = new LinkedHashMap<>();
    rates.put("generator", generator.at(iteration));
    rates.put("heads", headFactor * generator.at(iteration));
    if (phase.discriminators()) {
      rates.put("discriminator", discriminator.at(iteration));
    }
    return rates;
  }
}
