package org.adaptseg.config.data;

import java.io.Serializable;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.Ranges;

/**
 * Random changes of training samples, source and target alike. The released code has options of
 * this kind and ignores them.
 *
 * @param mirror whether half of the samples are mirrored left to right
 * @param leastScale smallest factor of size, above 0
 * @param greatestScale largest factor of size, at least {@code leastScale}; a larger image is
 *     cropped, a smaller one padded with the mean colour, which no loss counts
 */
public record Augmentation(
    @Default("false") boolean mirror,
    @Default("1") double leastScale,
    @Default("1") double greatestScale)
    implements Serializable {
  public Augmentation {
    new Ranges()
        .check(
            leastScale >= 0.1 && leastScale <= 10,
            "leastScale",
            "a number from 0.1 to 10",
            leastScale)
        .check(
            greatestScale >= leastScale && greatestScale <= 10,
            "greatestScale",
            "a number from least-scale to 10",
            greatestScale)
        .verify(Augmentation.class);
  }

  /** Whether samples stay as they are. */
  public boolean isNone() {
    return !mirror && leastScale == 1 && greatestScale == 1;
  }
}
