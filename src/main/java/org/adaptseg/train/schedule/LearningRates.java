package org.adaptseg.train.schedule;

import java.util.LinkedHashMap;
import java.util.Map;
import org.adaptseg.config.Optimizer;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.nn.optimizer.PolynomialDecay;

/**
 * The learning rates of a run by iteration.
 *
 * @param generator of the generator but its heads, as one worker has it
 * @param warmup what multiplies the generator's rate with several workers
 * @param beginning what multiplies the generator's rate at the beginning
 * @param headFactor the heads' rate relative to it
 * @param discriminator of every discriminator
 */
public record LearningRates(
    PolynomialDecay generator,
    Warmup warmup,
    Warmup beginning,
    double headFactor,
    PolynomialDecay discriminator) {

  /** The rates of a configuration. */
  public static LearningRates of(RunConfig config) {
    Optimizer optimizer = config.optimizer();
    ScaledSchedule scaled = ScaledSchedule.of(config);
    long total = scaled.decayIterations();
    double power = optimizer.decay().power();
    return new LearningRates(
        new PolynomialDecay(optimizer.generator().learningRate(), total, power),
        scaled.warmup(),
        scaled.beginning(),
        optimizer.generator().headFactor(),
        new PolynomialDecay(optimizer.discriminator().learningRate(), total, power));
  }

  /** The rate of the generator but its heads in iteration t ≥ 0. */
  public double generatorAt(long t) {
    return generator.at(t) * warmup.at(t) * beginning.at(t);
  }

  /**
   * The rates in an iteration by name: {@code generator} (all but its heads), {@code heads} and,
   * where the phase trains them, {@code discriminator}.
   */
  public Map<String, Double> at(Phase phase, long iteration) {
    Map<String, Double> rates = new LinkedHashMap<>();
    rates.put("generator", generatorAt(iteration));
    rates.put("heads", headFactor * generatorAt(iteration));
    if (phase.discriminators()) {
      rates.put("discriminator", discriminator.at(iteration));
    }
    return rates;
  }
}
