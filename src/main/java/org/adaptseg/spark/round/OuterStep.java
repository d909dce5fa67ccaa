package org.adaptseg.spark.round;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.Cluster.Outer;
import org.adaptseg.config.Phase;
import org.adaptseg.nn.StateNames;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.TrainedValues;

/**
 * A step on the mean of the workers (Wang et al. 2020, SlowMo; Chen and Huo 2016, BMUF; with
 * Nesterov's momentum Douillard et al. 2023, DiLoCo). With D the way of the mean in the round:
 *
 * <pre>v ← momentum · v + D
 * parameters ← before + learning rate · v, with Nesterov's · (momentum · v + D)</pre>
 *
 * <p>Only trained parameters take it; running statistics and what the workers' optimisers keep are
 * the plain mean. The velocity v is a vector of the state that the driver alone keeps. A learning
 * rate of 1 without momentum gives the bits of the plain mean.
 */
final class OuterStep {
  /** Ends the names of the velocities. */
  private static final String VELOCITY = ".outer-velocity";

  private final Outer settings;
  private final List<TrainedValues.Network> networks;

  OuterStep(Outer settings, TrainedValues trained) {
    this.settings = settings;
    this.networks =
        trained.networks().stream()
            .filter(
                network ->
                    network.name().equals(StateNames.GENERATOR)
                        ? settings.networks().generator()
                        : settings.networks().discriminators())
            .toList();
  }

  /** The state without what the driver alone keeps; the arrays are not copied. */
  static LearnerState ofWorkers(LearnerState state) {
    List<LearnerState.Vector> vectors =
        state.vectors().stream().filter(vector -> !vector.name().endsWith(VELOCITY)).toList();
    return vectors.size() == state.vectors().size() ? state : new LearnerState(vectors);
  }

  /**
   * The state after the step.
   *
   * @param before what the round began with, velocities included if there are any yet
   * @param mean of the workers; not written to
   * @param phase discriminators that it does not train stay where they are
   */
  LearnerState step(LearnerState before, LearnerState mean, Phase phase) {
    if (networks.isEmpty()) {
      return mean;
    }
    List<LearnerState.Vector> vectors = new ArrayList<>(mean.vectors());
    for (TrainedValues.Network network : networks) {
      String name = network.name() + VELOCITY;
      float[] velocity = velocity(before, name, mean.values(network.vector()).length);
      boolean trained = network.name().equals(StateNames.GENERATOR) || phase.discriminators();
      if (trained) {
        velocity = velocity.clone();
        float[] after = mean.values(network.vector()).clone();
        move(network.ranges(), before.values(network.vector()), after, velocity);
        vectors.replaceAll(
            v -> v.name().equals(network.vector()) ? new LearnerState.Vector(v.name(), after) : v);
      }
      vectors.add(new LearnerState.Vector(name, velocity));
    }
    return new LearnerState(vectors);
  }

  private static float[] velocity(LearnerState state, String name, int length) {
    return state.vectors().stream()
        .filter(vector -> vector.name().equals(name))
        .map(LearnerState.Vector::values)
        .findFirst()
        .orElseGet(() -> new float[length]);
  }

  private void move(
      List<TrainedValues.Range> ranges, float[] before, float[] parameters, float[] velocity) {
    double momentum = settings.momentum();
    for (TrainedValues.Range range : ranges) {
      for (int i = (int) range.from(); i < range.to(); i++) {
        double way = parameters[i] - (double) before[i];
        double next = momentum * velocity[i] + way;
        double step = settings.nesterov() ? momentum * next + way : next;
        // From the mean on, so that a step as long as its way ends there to the bit.
        double beyond = settings.learningRate() * step - way;
        velocity[i] = (float) next;
        if (beyond != 0) {
          parameters[i] = (float) (parameters[i] + beyond);
        }
      }
    }
  }
}
