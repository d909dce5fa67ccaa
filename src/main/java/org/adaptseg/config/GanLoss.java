package org.adaptseg.config;

/** What a discriminator minimises, and what the generator minimises to fool it. */
public enum GanLoss {
  /** Binary cross-entropy on logits against the domain's label; the paper's. */
  VANILLA,
  /** Mean squared error of the raw logits against the domain's label (Mao et al. 2017). */
  LEAST_SQUARES,
  /**
   * The discriminator's logits are pushed beyond a margin of 1 on either side, the generator pulls
   * them straight towards the source's side (Miyato et al. 2018).
   */
  HINGE
}
