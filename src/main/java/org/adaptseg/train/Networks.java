package org.adaptseg.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.adaptseg.config.Adaptation;
import org.adaptseg.config.Level;
import org.adaptseg.config.Model;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.engine.Computation;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.Optimizers;
import org.adaptseg.engine.Promise;
import org.adaptseg.engine.machine.Engines;
import org.adaptseg.nn.DiscriminatorArchitecture;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.StateNames;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.nn.optimizer.MomentumSgd;
import org.adaptseg.nn.training.DiscriminatorTrainer;
import org.adaptseg.nn.training.GeneratorTrainer;
import org.adaptseg.nn.training.Judgement;
import org.adaptseg.nn.training.Teacher;

/**
 * The generator and one discriminator per level, with what their optimisers remember, and the mean
 * teacher where the schedule has self-training.
 */
public final class Networks implements AutoCloseable {
  private final Engine engine;
  private final Computation computation;
  private final GeneratorTrainer generator;
  private final Map<Level, DiscriminatorTrainer> discriminators = new LinkedHashMap<>();
  private final Optional<Teacher> teacher;

  /**
   * Networks of a configuration on the engine of this machine; values are undefined until {@link
   * #initialize} or {@link #load}.
   */
  public Networks(RunConfig config, int classes) {
    this.computation = Engines.computation(config.cluster().arithmetic());
    this.engine = Engines.engine(computation);
    // The networks take turns, so what one needs for a moment the next can use.
    LayerContext context = new LayerContext(engine);
    var g = config.optimizer().generator();
    this.generator =
        new GeneratorTrainer(
            architecture(config.model(), classes),
            new MomentumSgd(g.momentum(), g.weightDecay(), g.headFactor(), g.updates()),
            Judgement.of(config),
            config.model().batchNorm(),
            context);
    var d = config.optimizer().discriminator();
    for (Level level : config.model().orderedLevels()) {
      discriminators.put(
          level,
          new DiscriminatorTrainer(
              level,
              judge(config, classes, level),
              config.loss().gan(),
              new Optimizers.AdamRule(d.beta1(), d.beta2(), d.epsilon()),
              context));
    }
    this.teacher =
        teaches(config)
            ? Optional.of(
                new Teacher(
                    generator,
                    config.loss().selfTraining().teacherMomentum(),
                    config.model().alignCorners(),
                    config.model().batchNorm(),
                    context))
            : Optional.empty();
  }

  /** Whether a phase needs the teacher, which then follows the generator through all phases. */
  static boolean teaches(RunConfig config) {
    return config.schedule().phases().stream().anyMatch(plan -> plan.phase().teacher());
  }

  /** The generator that a configuration describes. */
  public static GeneratorArchitecture architecture(Model model, int classes) {
    return new GeneratorArchitecture(
        model.backbone(),
        model.layers(),
        model.baseWidth(),
        classes,
        model.headRates(),
        model.strideOn(),
        model.block(),
        model.orderedLevels().stream()
            .map(level -> new GeneratorArchitecture.Head(level, model.stage(level)))
            .toList());
  }

  private static DiscriminatorArchitecture judge(RunConfig config, int classes, Level level) {
    int channels =
        config.loss().adaptation() == Adaptation.OUTPUT
            ? classes
            : architecture(config.model(), classes).channels(config.model().stage(level));
    return new DiscriminatorArchitecture(channels, config.model().discriminatorWidth());
  }

  /** What they compute in and with. */
  public Computation computation() {
    return computation;
  }

  /** The generator. */
  public GeneratorTrainer generator() {
    return generator;
  }

  /** The levels in the order of the stages. */
  public Set<Level> levels() {
    return discriminators.keySet();
  }

  /** The discriminator of a level. */
  public DiscriminatorTrainer discriminator(Level level) {
    return discriminators.get(level);
  }

  /** The mean teacher; none where no phase of the schedule needs it. */
  public Optional<Teacher> teacher() {
    return teacher;
  }

  /** Initial values, a function of the seed. */
  public void initialize(long seed) {
    generator.initialize(seed);
    teacher.ifPresent(Teacher::copy);
    discriminators.forEach((level, d) -> d.initialize(seed));
  }

  /** A copy of everything. */
  public LearnerState state() {
    List<LearnerState.Vector> all = new ArrayList<>();
    all.add(new LearnerState.Vector(StateNames.GENERATOR_PARAMETERS, generator.parameters()));
    all.add(new LearnerState.Vector(StateNames.GENERATOR_VELOCITY, generator.velocity()));
    discriminators.forEach(
        (level, d) -> {
          all.add(
              new LearnerState.Vector(StateNames.discriminatorParameters(level), d.parameters()));
          all.add(new LearnerState.Vector(StateNames.firstMoment(level), d.firstMoment()));
          all.add(new LearnerState.Vector(StateNames.secondMoment(level), d.secondMoment()));
        });
    teacher.ifPresent(
        t -> all.add(new LearnerState.Vector(StateNames.TEACHER_PARAMETERS, t.parameters())));
    return new LearnerState(all);
  }

  /** Which values of the state are trained. */
  TrainedValues trained() {
    List<TrainedValues.Network> all = new ArrayList<>();
    all.add(
        TrainedValues.Network.of(
            StateNames.GENERATOR, StateNames.GENERATOR_PARAMETERS, generator.network().slices()));
    discriminators.forEach(
        (level, d) ->
            all.add(
                TrainedValues.Network.of(
                    StateNames.discriminator(level),
                    StateNames.discriminatorParameters(level),
                    d.network().slices())));
    return new TrainedValues(all);
  }

  /** Takes over a state of the same networks. */
  public void load(LearnerState state) {
    generator.load(
        state.values(StateNames.GENERATOR_PARAMETERS), state.values(StateNames.GENERATOR_VELOCITY));
    discriminators.forEach(
        (level, d) ->
            d.load(
                state.values(StateNames.discriminatorParameters(level)),
                state.values(StateNames.firstMoment(level)),
                state.values(StateNames.secondMoment(level))));
    teacher.ifPresent(t -> t.load(state.values(StateNames.TEACHER_PARAMETERS)));
  }

  /** Whether every parameter is finite; one pass over each network. */
  boolean areFinite() {
    List<Promise<Boolean>> finite = new ArrayList<>();
    finite.add(generator.parametersAreFinite());
    discriminators.values().forEach(d -> finite.add(d.parametersAreFinite()));
    return finite.stream().allMatch(Promise::get);
  }

  /** Drops gathered gradients. */
  void dropGradients() {
    generator.dropGradients();
    discriminators.values().forEach(DiscriminatorTrainer::dropGradients);
  }

  /** A text that is equal for interchangeable networks on the same inputs. */
  public static String fingerprint(RunConfig config, int classes) {
    String judges =
        config.model().orderedLevels().stream()
            .map(level -> judge(config, classes, level).fingerprint())
            .distinct()
            .collect(Collectors.joining("+"));
    Normalisation normalisation = config.data().normalisation();
    String input = normalisation == Normalisation.CAFFE ? "" : "+input-" + normalisation.key();
    return architecture(config.model(), classes).fingerprint() + "+" + judges + input;
  }

  @Override
  public void close() {
    generator.close();
    teacher.ifPresent(Teacher::close);
    discriminators.values().forEach(DiscriminatorTrainer::close);
    engine.close();
  }
}
