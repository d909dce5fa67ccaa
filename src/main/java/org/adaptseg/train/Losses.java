package org.adaptseg.train;

import java.io.Serializable;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.adaptseg.config.Level;

/**
 * The losses of one iteration by term and level, before weighting by lambda and averaged over the
 * accumulated sub-iterations. What the phase does not compute is absent, so code that shows losses
 * shows what is there and needs to know neither phases nor terms.
 *
 * @param terms by name (small letters, digits and underscores), in the order in which they were
 *     computed; each by level in the order of the stages
 */
public record Losses(Map<String, Map<Level, Double>> terms) implements Serializable {
  /** Cross-entropy on labelled images. */
  public static final String SEGMENTATION = "segmentation";

  /** The generator's adversarial loss on target images. */
  public static final String ADVERSARIAL = "adversarial";

  /** A discriminator's loss: the sum of the source and target halves, each weighted ½. */
  public static final String DISCRIMINATOR = "discriminator";

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,39}");

  public Losses {
    Map<String, Map<Level, Double>> copy = new LinkedHashMap<>();
    terms.forEach(
        (term, levels) -> {
          if (!isTerm(term)) {
            throw new IllegalArgumentException(
                "Cannot name a loss: expected small letters, digits and underscores, found '"
                    + term
                    + "'");
          }
          copy.put(term, Collections.unmodifiableMap(new LinkedHashMap<>(levels)));
        });
    terms = Collections.unmodifiableMap(copy);
  }

  /**
   * The means of several losses, term by term and level by level, over those that have it.
   *
   * @param losses of workers or of iterations
   */
  public static Losses mean(Collection<Losses> losses) {
    Map<String, Map<Level, Double>> means = new LinkedHashMap<>();
    Map<String, Map<Level, Integer>> counts = new LinkedHashMap<>();
    for (Losses of : losses) {
      of.terms.forEach(
          (term, levels) ->
              levels.forEach(
                  (level, value) -> {
                    inner(means, term).merge(level, value, Double::sum);
                    inner(counts, term).merge(level, 1, Integer::sum);
                  }));
    }
    means.forEach(
        (term, levels) -> levels.replaceAll((level, sum) -> sum / counts.get(term).get(level)));
    return new Losses(means);
  }

  /** Whether a text can be the name of a term. */
  public static boolean isTerm(String name) {
    return NAME.matcher(name).matches();
  }

  private static <V> Map<Level, V> inner(Map<String, Map<Level, V>> outer, String term) {
    return outer.computeIfAbsent(term, t -> new LinkedHashMap<>());
  }
}
