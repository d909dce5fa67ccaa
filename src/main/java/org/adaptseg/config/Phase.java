package org.adaptseg.config;

import java.util.Set;
import org.adaptseg.config.yaml.Names;

/** What an iteration does. */
public enum Phase {
  /** Supervised segmentation on source images; no target image is ever forwarded. */
  SOURCE_ONLY(false, Samples.SOURCE),
  /** Segmentation on source images and adversarial alignment of the target predictions. */
  ADVERSARIAL(true, Samples.SOURCE, Samples.TARGET),
  /**
   * Supervised segmentation on target images with their labels: the bound that adaptation is
   * measured against, never a result of adaptation. The only phase that reads target labels.
   */
  ORACLE(false, Samples.LABELLED_TARGET),
  /**
   * Segmentation on source images and low entropy of the target predictions, without
   * discriminators: MinEnt (Vu et al. 2019), weighted by {@code loss.entropy-weight}.
   */
  ENTROPY(false, Samples.SOURCE, Samples.TARGET);

  private enum Samples {
    SOURCE,
    TARGET,
    LABELLED_TARGET
  }

  private final boolean discriminators;
  private final Set<Samples> samples;

  Phase(boolean discriminators, Samples... samples) {
    this.discriminators = discriminators;
    this.samples = Set.of(samples);
  }

  /** Whether it takes a labelled source sample a sub-iteration. */
  public boolean sources() {
    return samples.contains(Samples.SOURCE);
  }

  /** Whether it takes a target sample a sub-iteration, without labels. */
  public boolean targets() {
    return samples.contains(Samples.TARGET);
  }

  /** Whether it takes a target sample a sub-iteration with its labels. */
  public boolean labelledTargets() {
    return samples.contains(Samples.LABELLED_TARGET);
  }

  /** Whether discriminators judge its predictions and are updated once an iteration. */
  public boolean discriminators() {
    return discriminators;
  }

  /** The name in configurations, checkpoints and reports, for example {@code source-only}. */
  public String key() {
    return Names.kebab(name());
  }
}
