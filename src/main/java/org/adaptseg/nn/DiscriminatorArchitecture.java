package org.adaptseg.nn;

import java.io.Serializable;
import java.util.Locale;

/**
 * Shape of a discriminator: five convolutions 4×4/2, width·(1, 2, 4, 8) and 1 channels.
 *
 * @param classes channels of the label map judged
 * @param width channels of the first layer; 64 in the paper
 */
public record DiscriminatorArchitecture(int classes, int width) implements Serializable {
  /** Smallest height and width of a label map that five halvings leave something of. */
  public static final int MINIMUM_SIDE = 32;

  public DiscriminatorArchitecture {
    if (classes < 2 || width < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot build a discriminator: expected two classes or more and a positive width, found %d and %d",
              classes,
              width));
    }
  }

  /** A text that is equal for interchangeable networks. */
  public String fingerprint() {
    return String.format(Locale.ROOT, "disc-w%d-c%d", width, classes);
  }
}
