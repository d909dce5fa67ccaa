package org.adaptseg.config.data;

import java.io.Serializable;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.Ranges;

/**
 * Random changes of a training image's colours, by strength; labels stay. The factors are those of
 * torchvision's {@code ColorJitter}, the blur is its {@code GaussianBlur}.
 *
 * @param brightness the factor of brightness is drawn from max(0, 1 − this) to 1 + this; 0 to 10, 0
 *     leaves it
 * @param contrast the same of contrast
 * @param saturation the same of saturation
 * @param blur largest deviation of the blur in pixels, which is drawn from {@value #LEAST_BLUR} on;
 *     {@value #LEAST_BLUR} to 10, or 0, which blurs nothing
 */
public record Jitter(
    @Default("0") double brightness,
    @Default("0") double contrast,
    @Default("0") double saturation,
    @Default("0") double blur)
    implements Serializable {
  /** torchvision's smallest deviation, which leaves an image as it is in all that can be seen. */
  public static final double LEAST_BLUR = 0.1;

  /** Colours as they are. */
  public static final Jitter NONE = new Jitter(0, 0, 0, 0);

  private static final double MOST = 10;

  public Jitter {
    Ranges ranges = new Ranges();
    strength(ranges, "brightness", brightness);
    strength(ranges, "contrast", contrast);
    strength(ranges, "saturation", saturation);
    ranges
        .check(blur == 0 || blur >= LEAST_BLUR && blur <= MOST, "blur", "0, or 0.1 to 10", blur)
        .verify(Jitter.class);
  }

  private static void strength(Ranges ranges, String component, double value) {
    ranges.check(value >= 0 && value <= MOST, component, "a number from 0 to 10", value);
  }

  /** Whether colours stay as they are. */
  public boolean isNone() {
    return brightness == 0 && contrast == 0 && saturation == 0 && blur == 0;
  }
}
