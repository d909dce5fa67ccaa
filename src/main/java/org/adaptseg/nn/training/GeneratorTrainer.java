package org.adaptseg.nn.training;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.Level;
import org.adaptseg.config.Model.BatchStatistics;
import org.adaptseg.data.image.Image;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Promise;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.InitialValues;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.nn.StateNames;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.nn.layers.ParameterSpec;
import org.adaptseg.nn.optimizer.MomentumSgd;

/**
 * The generator G with its gradients and its momentum. Gradients of several backward passes add up
 * until {@link #update}. Not thread-safe.
 */
public final class GeneratorTrainer implements AutoCloseable {
  private final LayerContext context;
  private final Engine engine;
  private final Generator generator;
  private final MomentumSgd optimizer;
  private final Judgement judgement;
  private final BatchStatistics statistics;
  private final Vector velocity;
  private final Map<FeatureShape, Tensor> images = new HashMap<>();
  private final Map<Domain, Map<FeatureShape, Predictions>> predictions =
      new EnumMap<>(Domain.class);
  private boolean gradientsPending;

  /**
   * The context stays the caller's.
   *
   * @param judgement what the discriminators will see of predictions
   */
  public GeneratorTrainer(
      GeneratorArchitecture architecture,
      MomentumSgd optimizer,
      Judgement judgement,
      BatchStatistics statistics,
      LayerContext context) {
    this.context = context;
    this.engine = context.engine();
    this.judgement = judgement;
    this.statistics = statistics;
    this.generator = new Generator(architecture, context);
    this.optimizer = optimizer;
    this.velocity = engine.vector(generator.parameters().length());
  }

  /** Sets parameters to their initial values and momentum to zero. */
  public void initialize(long seed) {
    InitialValues.generator(generator, seed);
    velocity.fill(0);
  }

  /** The network itself. */
  public Generator network() {
    return generator;
  }

  private Map<Level, Tensor> forward(List<Image> all, FeatureShape shape) {
    Tensor batch = images.computeIfAbsent(shape, s -> engine.tensor(Tensor.Kind.IMAGE, s));
    for (int i = 0; i < all.size(); i++) {
      batch.writeImage(i, all.get(i));
    }
    return generator.forward(batch, true);
  }

  /**
   * Predicts in training mode: batch statistics, running statistics move, unless the configuration
   * says otherwise.
   *
   * @param batch all of one size
   */
  public Predictions predict(Domain domain, List<Image> batch) {
    int height = batch.get(0).height();
    int width = batch.get(0).width();
    generator.setStatistics(
        switch (statistics) {
          case BATCH -> LayerContext.Statistics.MOVING;
          case RUNNING -> LayerContext.Statistics.RUNNING;
          case SOURCE_ONLY ->
              domain == Domain.SOURCE
                  ? LayerContext.Statistics.MOVING
                  : LayerContext.Statistics.STILL;
        });
    FeatureShape shape = new FeatureShape(batch.size(), Image.CHANNELS, height, width);
    Map<Level, Tensor> logits = forward(batch, shape);
    Predictions p =
        predictions
            .computeIfAbsent(domain, d -> new HashMap<>())
            .computeIfAbsent(
                shape, s -> new Predictions(generator, context, judgement, logits, height, width));
    p.read(logits);
    return p;
  }

  /** Back-propagates what losses left on the last predictions made. */
  public void backward(Predictions last) {
    if (last.gradients().isEmpty() && last.featureGradients().isEmpty() && gradientsPending) {
      return;
    }
    generator.backward(last.gradients(), last.featureGradients(), gradientsPending);
    gradientsPending = true;
  }

  /** Whether all gathered gradients are finite. */
  public Promise<Boolean> gradientsAreFinite() {
    return engine.optimizers().areFinite(generator.gradients());
  }

  /** Whether all parameters are finite. */
  public Promise<Boolean> parametersAreFinite() {
    return engine.optimizers().areFinite(generator.parameters());
  }

  /** Drops the gathered gradients. */
  public void dropGradients() {
    gradientsPending = false;
  }

  /** Applies the gathered gradients. */
  public void update(double learningRate) {
    optimizer.step(
        engine.optimizers(),
        generator.slices(),
        generator.parameters(),
        generator.gradients(),
        velocity,
        learningRate);
    generator.parametersChanged();
    gradientsPending = false;
  }

  /** A copy of parameters and running statistics. */
  public float[] parameters() {
    return generator.parameters().read();
  }

  /** Copies of the running statistics of every batch normalisation, in flat order. */
  public List<float[]> runningStatistics() {
    return statistics().stream().map(slice -> generator.parameter(slice).read()).toList();
  }

  /** Puts back what {@link #runningStatistics} gave. */
  public void restoreRunningStatistics(List<float[]> copies) {
    List<ParameterSlice> slices = statistics();
    for (int i = 0; i < slices.size(); i++) {
      generator.parameter(slices.get(i)).write(copies.get(i));
    }
    generator.parametersChanged();
  }

  private List<ParameterSlice> statistics() {
    return generator.slices().stream()
        .filter(
            s ->
                s.role() == ParameterSpec.Role.RUNNING_MEAN
                    || s.role() == ParameterSpec.Role.RUNNING_VARIANCE)
        .toList();
  }

  /** A copy of the momentum. */
  public float[] velocity() {
    return velocity.read();
  }

  /** Replaces parameters, running statistics and momentum; gathered gradients are dropped. */
  public void load(float[] parameters, float[] newVelocity) {
    Parameters.load(generator.parameters(), parameters, StateNames.GENERATOR_PARAMETERS);
    Parameters.load(velocity, newVelocity, StateNames.GENERATOR_VELOCITY);
    generator.parametersChanged();
    gradientsPending = false;
  }

  @Override
  public void close() {
    predictions.values().forEach(m -> m.values().forEach(Predictions::close));
    images.values().forEach(Tensor::close);
    generator.close();
    velocity.close();
  }
}
