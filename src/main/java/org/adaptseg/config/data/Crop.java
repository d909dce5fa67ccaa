package org.adaptseg.config.data;

import java.io.Serializable;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.Ranges;

/**
 * The part of an image that a training sample is: at a random place, all of them equally likely, as
 * in mmsegmentation's {@code RandomCrop}.
 *
 * @param width pixels, at least {@value #LEAST_SIDE}; 0 takes the whole image
 * @param height pixels, at least {@value #LEAST_SIDE}; 0 takes the whole image
 * @param largestShare a crop in which one class has more of the pixels that are not ignored than
 *     this, or none is left of them, is drawn again; above 0 to 1, which draws none again.
 *     mmsegmentation's {@code cat_max_ratio}. Without labels no crop is drawn again
 * @param redraws how often a crop is drawn again at most, 0 to 1000; the last one is taken as it is
 */
public record Crop(
    @Default("0") int width,
    @Default("0") int height,
    @Default("0.75") double largestShare,
    @Default("10") int redraws)
    implements Serializable {
  /** Five convolutions of stride 2, the discriminator, leave one pixel of a side of 32. */
  public static final int LEAST_SIDE = 32;

  /** Whole images. */
  public static final Crop NONE = new Crop(0, 0);

  public Crop {
    String side = "at least " + LEAST_SIDE + " (the discriminator halves it five times)";
    boolean none = width == 0 && height == 0;
    new Ranges()
        .check(none || width >= LEAST_SIDE, "width", side, width)
        .check(none || height >= LEAST_SIDE, "height", side, height)
        .check(
            largestShare > 0 && largestShare <= 1,
            "largestShare",
            "a number above 0 to 1",
            largestShare)
        .check(redraws >= 0 && redraws <= 1000, "redraws", "0 to 1000", redraws)
        .verify(Crop.class);
  }

  /** A crop that is drawn again as often as mmsegmentation does it by default. */
  public Crop(int width, int height) {
    this(width, height, 0.75, 10);
  }

  /** Whether images are taken whole. */
  public boolean isNone() {
    return width == 0;
  }

  /** Whether an image of this size has such a part. */
  public boolean fits(int imageWidth, int imageHeight) {
    return width <= imageWidth && height <= imageHeight;
  }
}
