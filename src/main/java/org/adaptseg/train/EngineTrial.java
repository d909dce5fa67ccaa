package org.adaptseg.train;

import java.util.List;
import java.util.Locale;
import org.adaptseg.config.Adaptation;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.DiscriminatorInput;
import org.adaptseg.config.GanLoss;
import org.adaptseg.config.Level;
import org.adaptseg.config.Model.BatchStatistics;
import org.adaptseg.config.Optimizer.Updates;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.engine.Computation;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.Optimizers;
import org.adaptseg.engine.Promise;
import org.adaptseg.engine.machine.Engines;
import org.adaptseg.nn.DiscriminatorArchitecture;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.nn.optimizer.MomentumSgd;
import org.adaptseg.nn.training.DiscriminatorTrainer;
import org.adaptseg.nn.training.Domain;
import org.adaptseg.nn.training.GeneratorTrainer;
import org.adaptseg.nn.training.Judgement;
import org.adaptseg.nn.training.Predictions;

/**
 * One adversarial iteration of a very small network: whether an engine works on this machine, for a
 * run that is not begun.
 *
 * @param computation what it computed in and with
 * @param seconds that it took, making the operators included
 */
public record EngineTrial(Computation computation, double seconds) {
  private static final double NANOS = 1e9;
  private static final int CLASSES = 2;
  private static final int SIDE = 32;
  private static final GeneratorArchitecture GENERATOR =
      new GeneratorArchitecture(List.of(1, 1, 1, 1), 8, CLASSES, List.of(1));

  /**
   * Makes the iteration.
   *
   * @throws IllegalStateException with the reason if the machine cannot compute so
   */
  public static EngineTrial run(Arithmetic arithmetic) {
    long begin = System.nanoTime();
    Computation computation = Engines.computation(arithmetic);
    try (Engine engine = Engines.engine(computation);
        LayerContext context = new LayerContext(engine);
        GeneratorTrainer generator =
            new GeneratorTrainer(
                GENERATOR,
                new MomentumSgd(0.9, 0, 1, Updates.ONCE),
                new Judgement(Adaptation.OUTPUT, DiscriminatorInput.SOFTMAX, 1, true),
                BatchStatistics.BATCH,
                context);
        DiscriminatorTrainer discriminator =
            new DiscriminatorTrainer(
                Level.MAIN,
                new DiscriminatorArchitecture(CLASSES, 8),
                GanLoss.VANILLA,
                new Optimizers.AdamRule(0.9, 0.99, 1e-8),
                context)) {
      iterate(generator, discriminator);
    }
    return new EngineTrial(computation, (System.nanoTime() - begin) / NANOS);
  }

  private static void iterate(GeneratorTrainer generator, DiscriminatorTrainer discriminator) {
    generator.initialize(1);
    discriminator.initialize(1);
    Predictions source = generator.predict(Domain.SOURCE, List.of(image(1)));
    Promise<Double> loss = source.segmentationLoss(Level.MAIN, new byte[SIDE * SIDE], 1, List.of());
    generator.backward(source);
    Predictions target = generator.predict(Domain.TARGET, List.of(image(2)));
    Promise<Double> fooled = discriminator.fool(target, 1);
    discriminator.learnLast(Domain.TARGET, 1);
    discriminator.learn(source, Domain.SOURCE, 1);
    generator.backward(target);
    generator.update(1e-3);
    discriminator.update(1e-4, 1);
    boolean finite =
        Double.isFinite(loss.get() + fooled.get())
            && generator.parametersAreFinite().get()
            && discriminator.parametersAreFinite().get();
    if (!finite) {
      throw new IllegalStateException(
          "Cannot compute: expected numbers of a small network, found some that are none");
    }
  }

  private static Image image(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    float[] chw = new float[3 * SIDE * SIDE];
    for (int i = 0; i < chw.length; i++) {
      chw[i] = (float) random.uniform(-100, 100);
    }
    return new Image(SIDE, SIDE, chw);
  }

  /** A line for whoever looks at a run before it begins. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "Computes in %s; one iteration of a very small network took %.1f s here",
        computation,
        seconds);
  }
}
