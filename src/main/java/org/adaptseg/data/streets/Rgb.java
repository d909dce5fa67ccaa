package org.adaptseg.data.streets;

/**
 * A colour or a factor per channel.
 *
 * @param r red
 * @param g green
 * @param b blue
 */
public record Rgb(double r, double g, double b) {
  /** The colour a fraction {@code t} of the way to another. */
  public Rgb blend(Rgb other, double t) {
    return new Rgb(r + t * (other.r - r), g + t * (other.g - g), b + t * (other.b - b));
  }

  /** The channel 0 = R, 1 = G, 2 = B. */
  double channel(int c) {
    return c == 0 ? r : c == 1 ? g : b;
  }
}
