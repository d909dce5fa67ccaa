package org.adaptseg.testing;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.Phase;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.train.AdaptationStep;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.Losses;
import org.adaptseg.train.Networks;

/** A few iterations of a network of a few channels on random images of 64×32 pixels. */
public final class TinyRun {
  public static final int CLASSES = 8;

  /** Threads of native code, which a process cannot change once it has computed. */
  public static final String THREADS = System.getenv("OMP_NUM_THREADS");

  public static final String YAML =
      """
      run: {name: tiny}
      schedule: {phases: [{phase: adversarial, iterations: 10}]}
      output: {dir: unused}
      data:
        classes: synthetic-8
        source: {dataset: synthetic-source, split: train, width: 64, height: 32}
        target: {dataset: synthetic-target, split: train, width: 64, height: 32}
        evaluation: {dataset: synthetic-target, split: val, width: 64, height: 32}
      model: {layers: [1, 1, 1, 1], base-width: 8, head-rates: [1, 2], discriminator-width: 8}
      cluster: {threads-per-worker: %s}
      """
          .formatted(THREADS);

  /** Overrides that make the demo's networks and images as small, with the threads of the tests. */
  public static final List<String> OF_DEMO =
      List.of(
          "model={layers: [1, 1, 1, 1], base-width: 4, head-rates: [1], discriminator-width: 4}",
          "data.source.width=64",
          "data.source.height=32",
          "data.target.width=64",
          "data.target.height=32",
          "data.evaluation.width=64",
          "data.evaluation.height=32",
          "cluster.scaling=work",
          "cluster.threads-per-worker=" + THREADS);

  private TinyRun() {}

  /** What a run leaves. */
  public record Result(LearnerState state, List<Losses> losses) {}

  public static RunConfig config(String... overrides) {
    return ConfigLoader.load(YAML, "tiny", List.of(overrides));
  }

  /** Makes iterations of a phase from the initial values of seed 1. */
  public static Result run(Phase phase, int iterations, RunConfig config) {
    List<Losses> losses = new ArrayList<>();
    try (Networks networks = new Networks(config, CLASSES)) {
      networks.initialize(1);
      AdaptationStep step =
          new AdaptationStep(networks, config, ResolvedData.of(config.data()).classes().names());
      RandomSamples samples = new RandomSamples(32, 64, CLASSES);
      for (int i = 0; i < iterations; i++) {
        losses.add(step.run(phase, i, i + 1, samples));
      }
      return new Result(networks.state(), losses);
    }
  }
}
