package org.adaptseg.config;

/** The form in which a discriminator sees a label map of probabilities p over C classes. */
public enum DiscriminatorInput {
  /** p itself; Tsai et al. 2018. */
  SOFTMAX,
  /** −p log p / log C, class by class; Vu et al., "ADVENT", CVPR 2019, section 3.2. */
  WEIGHTED_SELF_INFORMATION
}
