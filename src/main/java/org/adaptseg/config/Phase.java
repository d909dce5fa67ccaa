package org.adaptseg.config;

import java.util.Set;
import org.adaptseg.config.yaml.Names;

/** What an iteration does. */
public enum Phase {
  /** Supervised segmentation on source images; no target image is ever forwarded. */
  SOURCE_ONLY(Uses.SOURCE),
  /** Segmentation on source images and adversarial alignment of the target predictions. */
  ADVERSARIAL(Uses.SOURCE, Uses.TARGET, Uses.DISCRIMINATORS),
  /**
   * Supervised segmentation on target images with their labels: the bound that adaptation is
   * measured against, never a result of adaptation. The only phase that reads target labels.
   */
  ORACLE(Uses.LABELLED_TARGET),
  /**
   * Segmentation on source images and low entropy of the target predictions, without
   * discriminators: MinEnt (Vu et al. 2019), weighted by {@code loss.entropy-weight}.
   */
  ENTROPY(Uses.SOURCE, Uses.TARGET),
  /**
   * Segmentation on source images, and on target images with classes of source images pasted onto
   * them and labels of a mean teacher (Tranheden et al. 2021, DACS): {@code loss.self-training}.
   * With {@code loss.entropy-weight} above 0, also low entropy of the target predictions.
   */
  SELF_TRAINING(Uses.SOURCE, Uses.TARGET, Uses.TEACHER),
  /** Both {@code adversarial} and {@code self-training} in each iteration. */
  ADVERSARIAL_SELF_TRAINING(Uses.SOURCE, Uses.TARGET, Uses.DISCRIMINATORS, Uses.TEACHER);

  private enum Uses {
    SOURCE,
    TARGET,
    LABELLED_TARGET,
    DISCRIMINATORS,
    TEACHER
  }

  private final Set<Uses> uses;

  Phase(Uses... uses) {
    this.uses = Set.of(uses);
  }

  /** Whether it takes a labelled source sample a sub-iteration. */
  public boolean sources() {
    return uses.contains(Uses.SOURCE);
  }

  /** Whether it takes a target sample a sub-iteration, without labels. */
  public boolean targets() {
    return uses.contains(Uses.TARGET);
  }

  /** Whether it takes a target sample a sub-iteration with its labels. */
  public boolean labelledTargets() {
    return uses.contains(Uses.LABELLED_TARGET);
  }

  /** Whether discriminators judge its predictions and are updated once an iteration. */
  public boolean discriminators() {
    return uses.contains(Uses.DISCRIMINATORS);
  }

  /** Whether a mean teacher labels its target samples. */
  public boolean teacher() {
    return uses.contains(Uses.TEACHER);
  }

  /** The name in configurations, checkpoints and reports, for example {@code source-only}. */
  public String key() {
    return Names.kebab(name());
  }
}
