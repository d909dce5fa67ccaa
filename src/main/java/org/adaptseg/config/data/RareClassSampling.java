package org.adaptseg.config.data;

import java.io.Serializable;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.Ranges;

/**
 * Rare-class sampling (Hoyer et al., "DAFormer", CVPR 2022): of a source split, first a class is
 * drawn, the more often the fewer pixels it has in the split, and then an image that has it. Needs
 * a manifest of each source split.
 *
 * @param sampling whether it is done; otherwise every epoch has each image once
 * @param temperature T of P(c) = exp((1 − f(c)) / T) / Σ exp((1 − f(c')) / T), where f(c) is the
 *     share of class c in the labelled pixels; above 0. The smaller, the rarer the classes drawn
 * @param leastPixels pixels of a class, in the label as it is stored, from which on an image has
 *     it; at least 1
 */
public record RareClassSampling(
    @Default("false") boolean sampling,
    @Default("0.01") double temperature,
    @Default("3000") long leastPixels)
    implements Serializable {
  /** Every epoch has each image once. */
  public static final RareClassSampling NONE = new RareClassSampling(false, 0.01, 3000);

  public RareClassSampling {
    new Ranges()
        .above("temperature", temperature, 0)
        .atLeast("leastPixels", leastPixels, 1)
        .verify(RareClassSampling.class);
  }
}
