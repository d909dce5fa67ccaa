package org.adaptseg.nn.training;

import org.adaptseg.config.Level;
import org.adaptseg.nn.Discriminator;
import org.adaptseg.nn.DiscriminatorArchitecture;
import org.adaptseg.nn.InitialValues;
import org.adaptseg.nn.LevelView;
import org.adaptseg.nn.StateNames;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.nn.loss.AdversarialLoss;
import org.adaptseg.nn.loss.LossValue;
import org.adaptseg.nn.optimizer.Adam;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The discriminator D of one level with its gradients and Adam's moments. One forward on the target
 * predictions serves both uses: {@link #fool} pulls the generator, {@link #learnLast} trains D.
 * Gradients of D add up until {@link #update}. Not thread-safe.
 */
public final class DiscriminatorTrainer implements AutoCloseable {
  private final Level level;
  private final Discriminator discriminator;
  private final AdversarialLoss loss;
  private final Adam optimizer;
  private final INDArray firstMoment;
  private final INDArray secondMoment;
  private boolean gradientsPending;
  private float[] lastLogits;

  /** The context's kernels stay the caller's. Trainers that share it must take turns. */
  public DiscriminatorTrainer(
      Level level,
      DiscriminatorArchitecture architecture,
      AdversarialLoss loss,
      Adam optimizer,
      LayerContext context) {
    this.level = level;
    this.discriminator = new Discriminator(architecture, context);
    this.loss = loss;
    this.optimizer = optimizer;
    long n = discriminator.parameters().length();
    this.firstMoment = Nd4j.create(context.kernels().dataType(), n);
    this.secondMoment = Nd4j.create(context.kernels().dataType(), n);
  }

  /** Sets parameters to their initial values and the moments to zero. */
  public void initialize(long seed) {
    InitialValues.discriminator(discriminator, seed, StateNames.discriminator(level));
    firstMoment.assign(0);
    secondMoment.assign(0);
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
  public double fool(Predictions target, double weight) {
    lastLogits = look(target);
    LossValue value = loss.fool(lastLogits, weight);
    if (weight != 0) {
      target.adversarialGradient(level, discriminator.backwardToInput(value.gradient()));
    }
    return value.loss();
  }

  private float[] look(Predictions predictions) {
    LevelView view = predictions.view(level);
    return discriminator.forward(view.rows(), view.shape());
  }

  /**
   * Learns that the predictions judged last are of a domain.
   *
   * @return the weighted loss
   */
  public double learnLast(Domain domain, double weight) {
    LossValue value =
        switch (domain) {
          case SOURCE -> loss.onSource(lastLogits, weight);
          case TARGET -> loss.onTarget(lastLogits, weight);
        };
    discriminator.backwardToParameters(value.gradient(), gradientsPending);
    gradientsPending = true;
    return weight * value.loss();
  }

  /** Judges predictions, detached from the generator, and learns that they are of a domain. */
  public double learn(Predictions predictions, Domain domain, double weight) {
    lastLogits = look(predictions);
    return learnLast(domain, weight);
  }

  /** Whether all gathered gradients are finite. */
  public boolean gradientsAreFinite() {
    return FlatVectors.areFinite(discriminator.gradients());
  }

  /** Whether all parameters are finite. */
  public boolean parametersAreFinite() {
    return FlatVectors.areFinite(discriminator.parameters());
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
    optimizer.step(
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
    return FlatVectors.copy(discriminator.parameters());
  }

  /** A copy of Adam's first moment. */
  public float[] firstMoment() {
    return FlatVectors.copy(firstMoment);
  }

  /** A copy of Adam's second moment. */
  public float[] secondMoment() {
    return FlatVectors.copy(secondMoment);
  }

  /** Replaces parameters and moments; gathered gradients are dropped. */
  public void load(float[] parameters, float[] first, float[] second) {
    FlatVectors.assign(
        discriminator.parameters(), parameters, StateNames.discriminatorParameters(level));
    FlatVectors.assign(firstMoment, first, StateNames.firstMoment(level));
    FlatVectors.assign(secondMoment, second, StateNames.secondMoment(level));
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
