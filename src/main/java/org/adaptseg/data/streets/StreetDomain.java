package org.adaptseg.data.streets;

/** Which of the two appearances: what labelled images look like, and what unlabelled ones do. */
public enum StreetDomain {
  /** The "game": labelled. */
  SOURCE,
  /** The "street": unlabelled in training. */
  TARGET;

  /** How the domain looks by default. */
  public Appearance appearance() {
    return this == SOURCE ? Appearances.GAME : Appearances.STREET;
  }
}
