package org.adaptseg.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.adaptseg.config.InstructionSet;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.CachedSplit;
import org.adaptseg.data.Mixture;
import org.adaptseg.data.SampleCache;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.engine.Device;
import org.adaptseg.engine.machine.Engines;
import org.adaptseg.engine.machine.NativeMemory;
import org.adaptseg.engine.machine.NativeThreads;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.StateNames;
import org.adaptseg.weights.WeightImport;
import org.adaptseg.weights.WeightSource;
import org.adaptseg.weights.WeightsException;
import org.apache.hadoop.conf.Configuration;

/**
 * Makes the method's learners.
 *
 * @param config the experiment
 * @param classes names of the classes in the order of train ids
 * @param source labelled training splits
 * @param target unlabelled training splits
 * @param hadoop how workers reach file systems
 */
public record AdaptationLearnerFactory(
    RunConfig config, List<String> classes, Mixture source, Mixture target, HadoopSettings hadoop)
    implements LearnerFactory {
  public AdaptationLearnerFactory {
    classes = List.copyOf(classes);
  }

  @Override
  public Learner create() {
    return create(Device.CPU);
  }

  @Override
  public Learner create(Device device) {
    return new ConfinedLearner(
        () -> {
          NativeMemory.requireRoom(MemoryEstimate.of(config, classes.size()).stateBytes());
          // Binding a GPU loads OpenMP, whose number of threads is fixed from then on.
          NativeThreads.require(config.cluster().threadsPerWorker());
          Engines.bind(device);
          return make();
        });
  }

  private Learner make() {
    Networks networks = new Networks(config, classes.size());
    boolean made = false;
    try {
      Configuration configuration = hadoop.configuration();
      Learner learner =
          new AdaptationLearner(
              config,
              classes,
              networks,
              open(source, "source", configuration),
              open(target, "target", configuration));
      made = true;
      return learner;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    } finally {
      if (!made) {
        networks.close(); // a task that is tried again makes others
      }
    }
  }

  /** The learners of an executor keep samples together: each meets those of the others later. */
  private SampleSequence.Opened open(Mixture splits, String domain, Configuration configuration)
      throws IOException {
    CachedSplit cached =
        new CachedSplit(
            splits.open(configuration, Engines.images(config.cluster().arithmetic())),
            SampleCache.shared(cacheKey() + "/" + domain, config.data().cacheSamples()));
    return new SampleSequence.Opened(cached, splits.parts());
  }

  @Override
  public boolean workersMayDiffer() {
    return config.cluster().instructionSet() == InstructionSet.ANY;
  }

  @Override
  public LearnerState initialState() {
    config.initialWeights().require(config.run().name());
    try (Networks networks = new Networks(config, classes.size())) {
      networks.initialize(config.run().seed());
      LearnerState state = networks.state();
      if (config.initialWeights().given()) {
        importedWeights().applyTo(state.values(StateNames.GENERATOR_PARAMETERS));
      }
      return state;
    }
  }

  @Override
  public TrainedValues trained() {
    try (Networks networks = new Networks(config, classes.size())) {
      return networks.trained();
    }
  }

  /**
   * The file of {@code initial-weights} laid over this configuration's generator.
   *
   * @throws WeightsException if it is not a weight file
   * @throws UncheckedIOException if it cannot be read
   */
  public WeightImport importedWeights() {
    try {
      return WeightSource.match(
          config,
          Generator.slices(Networks.architecture(config.model(), classes.size())),
          hadoop.configuration());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public String cacheKey() {
    // Everything that a learner is made from, output directory included, so that two runs of one
    // process never share samples or networks.
    return config + "/" + classes + "/" + source.size() + "/" + target.size();
  }
}
