package org.adaptseg.config;

/** How a discriminator's logits are compared with a domain label. */
public enum GanLoss {
  /** Binary cross-entropy on logits. */
  VANILLA,
  /** Mean squared error on the raw logits. */
  LEAST_SQUARES
}
