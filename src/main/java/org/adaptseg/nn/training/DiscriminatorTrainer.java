package org.adaptseg.nn.training;

import org.adaptseg.config.GanLoss;
import org.adaptseg.config.Level;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.Losses;
import org.adaptseg.engine.Optimizers;
import org.adaptseg.engine.Promise;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.adaptseg.nn.Discriminator;
import org.adaptseg.nn.DiscriminatorArchitecture;
import org.adaptseg.nn.InitialValues;
import org.adaptseg.nn.StateNames;
import org.adaptseg.nn.layers.LayerContext;

/**
 * The discriminator D of one level with its gradients and Adam's moments. One forward on the target
 * predictions serves both uses: {@link #fool} pulls the generator, {@link #learnLast} trains D.
 * Gradients of D add up until {@link #update}. Not thread-safe.
 */
public final class DiscriminatorTrainer implements AutoCloseable {
  private final Level level;
  private final Engine engine;
  private final Discriminator discriminator;
  private final GanLoss objective;
  private final Optimizers.AdamRule rule;
  private final Vector firstMoment;
  private final Vector secondMoment;
  private boolean gradientsPending;
  private Tensor lastLogits;

  /** The context stays the caller's. Trainers that share it must take turns. */
  public DiscriminatorTrainer(
      Level level,
      DiscriminatorArchitecture architecture,
      GanLoss objective,
      Optimizers.AdamRule rule,
      LayerContext context) {
    this.level = level;
    this.engine = context.engine();
    this.discriminator = new Discriminator(architecture, context);
    this.objective = objective;
    this.rule = rule;
    long n = discriminator.parameters().length();
    this.firstMoment = engine.vector(n);
    this.secondMoment = engine.vector(n);
  }

  /** Sets parameters to their initial values and the moments to zero. */
  public void initialize(long seed) {
    InitialValues.discriminator(discriminator, seed, StateNames.discriminator(level));
    firstMoment.fill(0);
    secondMoment.fill(0);
  }

  /** The network itself. */
  public Discriminator network() {
    return discriminator;
  }

  /**
   * Judges target predictions, and leaves on them the weighted gradient of what the generator
   * minimises; D itself does not learn from it.
   *
   * @param weight at 0 no gradient is taken
   * @return the unweighted adversarial loss
   */
  public Promise<Double> fool(Predictions target, double weight) {
    lastLogits = look(target);
    Tensor gradient = discriminator.gradientOfLogits();
    Promise<Double> loss = loss(Losses.Side.FOOL, weight, gradient);
    if (weight != 0) {
      target.adversarialGradient(level, discriminator.backwardToInput(gradient));
    }
    return loss;
  }

  private Promise<Double> loss(Losses.Side side, double weight, Tensor gradient) {
    return engine.losses().adversarial(objective, side, lastLogits, weight, gradient);
  }

  private Tensor look(Predictions predictions) {
    return discriminator.forward(predictions.view(level).rows());
  }

  /**
   * Learns that the predictions judged last are of a domain.
   *
   * @return the weighted loss
   */
  public Promise<Double> learnLast(Domain domain, double weight) {
    Losses.Side side =
        switch (domain) {
          case SOURCE -> Losses.Side.SOURCE;
          case TARGET -> Losses.Side.TARGET;
        };
    Tensor gradient = discriminator.gradientOfLogits();
    Promise<Double> loss = loss(side, weight, gradient);
    discriminator.backwardToParameters(gradient, gradientsPending);
    gradientsPending = true;
    return loss.map(value -> weight * value);
  }

  /** Judges predictions, detached from the generator, and learns that they are of a domain. */
  public Promise<Double> learn(Predictions predictions, Domain domain, double weight) {
    lastLogits = look(predictions);
    return learnLast(domain, weight);
  }

  /** Whether all gathered gradients are finite. */
  public Promise<Boolean> gradientsAreFinite() {
    return engine.optimizers().areFinite(discriminator.gradients());
  }

  /** Whether all parameters are finite. */
  public Promise<Boolean> parametersAreFinite() {
    return engine.optimizers().areFinite(discriminator.parameters());
  }

  /** Drops the gathered gradients. */
  public void dropGradients() {
    gradientsPending = false;
  }

  /**
   * Applies the gathered gradients.
   *
   * @param step number of this update, from 1
   */
  public void update(double learningRate, long step) {
    engine
        .optimizers()
        .adam(
            rule,
            discriminator.parameters(),
            discriminator.gradients(),
            firstMoment,
            secondMoment,
            learningRate,
            step);
    discriminator.parametersChanged();
    gradientsPending = false;
  }

  /** A copy of the parameters. */
  public float[] parameters() {
    return discriminator.parameters().read();
  }

  /** A copy of Adam's first moment. */
  public float[] firstMoment() {
    return firstMoment.read();
  }

  /** A copy of Adam's second moment. */
  public float[] secondMoment() {
    return secondMoment.read();
  }

  /** Replaces parameters and moments; gathered gradients are dropped. */
  public void load(float[] parameters, float[] first, float[] second) {
    Parameters.load(
        discriminator.parameters(), parameters, StateNames.discriminatorParameters(level));
    Parameters.load(firstMoment, first, StateNames.firstMoment(level));
    Parameters.load(secondMoment, second, StateNames.secondMoment(level));
    discriminator.parametersChanged();
    gradientsPending = false;
  }

  @Override
  public void close() {
    discriminator.close();
    firstMoment.close();
    secondMoment.close();
  }
}
