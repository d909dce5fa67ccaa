package org.adaptseg.config;

import java.io.Serializable;

/**
 * One loss weight (a lambda) per output level.
 *
 * @param aux weight of the auxiliary level, at least 0
 * @param main weight of the main level, at least 0
 */
public record LevelWeights(double aux, double main) implements Serializable {
  public LevelWeights {
    new Ranges().atLeast("aux", aux, 0.0).atLeast("main", main, 0.0).verify(LevelWeights.class);
  }

  /** The weight of a level. */
  public double of(Level level) {
    return switch (level) {
      case AUX -> aux;
      case MAIN -> main;
    };
  }
}
