package org.adaptseg.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import org.adaptseg.config.Level;
import org.adaptseg.config.Phase;
import org.adaptseg.train.Losses;

/** Losses of an iteration, term by term. */
public final class LossTerms {
  private final Map<String, Map<Level, Double>> terms = new LinkedHashMap<>();

  /** A term with a value on both levels. */
  public LossTerms term(String name, double aux, double main) {
    Map<Level, Double> levels = new LinkedHashMap<>();
    levels.put(Level.AUX, aux);
    levels.put(Level.MAIN, main);
    terms.put(name, levels);
    return this;
  }

  /** A term on the main level alone. */
  public LossTerms main(String name, double value) {
    terms.put(name, Map.of(Level.MAIN, value));
    return this;
  }

  /** Leaves only the segmentation loss of a phase without discriminators. */
  public LossTerms in(Phase phase) {
    if (!phase.discriminators()) {
      terms.keySet().retainAll(java.util.Set.of(Losses.SEGMENTATION));
    }
    return this;
  }

  public Losses losses() {
    return new Losses(terms);
  }
}
