package org.adaptseg.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.HadoopSettings;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.nn.kernels.Backend;
import org.adaptseg.nn.kernels.Device;

/**
 * Makes the method's learners.
 *
 * @param config the experiment
 * @param classes number of classes
 * @param source labelled training split
 * @param target unlabelled training split
 * @param hadoop how workers reach file systems
 */
public record AdaptationLearnerFactory(
    RunConfig config, int classes, SplitPlan source, SplitPlan target, HadoopSettings hadoop)
    implements LearnerFactory {

  @Override
  public Learner create() {
    return create(Device.CPU);
  }

  @Override
  public Learner create(Device device) {
    WorkerThreads.require(config.cluster().threadsPerWorker());
    return new ConfinedLearner(
        () -> {
          Backend.bind(device);
          return make();
        });
  }

  private Learner make() {
    try {
      var configuration = hadoop.configuration();
      return new AdaptationLearner(
          config,
          new Networks(config, classes),
          source.open(configuration),
          target.open(configuration));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public LearnerState initialState() {
    try (Networks networks = new Networks(config, classes)) {
      networks.initialize(config.run().seed());
      return networks.state();
    }
  }

  @Override
  public String cacheKey() {
    // Everything that a learner is made from, output directory included, so that two runs of one
    // process never share samples or networks.
    return config + "/" + classes + "/" + source.size() + "/" + target.size();
  }
}
