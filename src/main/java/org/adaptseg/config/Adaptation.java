package org.adaptseg.config;

/** The space that is aligned between the domains: what the discriminators see. */
public enum Adaptation {
  /** A level's label map, the paper's method. */
  OUTPUT,
  /** The features of a level's stage, which the paper compares with. */
  FEATURE
}
