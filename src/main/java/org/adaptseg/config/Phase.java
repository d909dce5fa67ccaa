package org.adaptseg.config;

/** What an iteration does. */
public enum Phase {
  /** Supervised segmentation on source images; no target image is ever forwarded. */
  SOURCE_ONLY,
  /** Segmentation on source images and adversarial alignment of the target predictions. */
  ADVERSARIAL,
  /**
   * Supervised segmentation on target images with their labels: the bound that adaptation is
   * measured against, never a result of adaptation. The only phase that reads target labels.
   */
  ORACLE;

  /** The name in configurations, checkpoints and reports, for example {@code source-only}. */
  public String key() {
    return Names.kebab(name());
  }
}
