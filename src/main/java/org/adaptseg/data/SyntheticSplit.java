package org.adaptseg.data;

import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.data.streets.Appearance;
import org.adaptseg.data.streets.StreetDomain;
import org.adaptseg.data.streets.StreetImage;

/**
 * Streets drawn on demand. Splits of different domains, names or seeds show different streets of
 * the same distribution. Nothing is kept; drawing one at 192×96 takes a few milliseconds.
 */
public final class SyntheticSplit implements Split {
  private final String prefix;
  private final Appearance appearance;
  private final long streetSeed;
  private final int size;
  private final int width;
  private final int height;

  /**
   * A split of a domain's default appearance.
   *
   * @param name of the split, for example {@code train}
   * @param size number of streets, at least 1
   */
  public SyntheticSplit(
      StreetDomain domain, String name, long seed, int size, int width, int height) {
    this(domain, domain.appearance(), name, seed, size, width, height);
  }

  /** A split with an appearance of one's own. */
  public SyntheticSplit(
      StreetDomain domain,
      Appearance appearance,
      String name,
      long seed,
      int size,
      int width,
      int height) {
    if (size < 1 || width < StreetImage.MIN_SIDE || height < StreetImage.MIN_SIDE) {
      throw new IllegalArgumentException(
          "Cannot draw a split: expected at least one street of at least "
              + StreetImage.MIN_SIDE + "x" + StreetImage.MIN_SIDE + " pixels, found " + size
              + " of " + width + "x" + height + " (" + name + ")");
    }
    this.prefix = domain.name().toLowerCase(java.util.Locale.ROOT) + "-" + name + "-";
    this.appearance = appearance;
    this.streetSeed = SplitMix64.hash(seed, domain.name() + "/" + name);
    this.size = size;
    this.width = width;
    this.height = height;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public String id(int index) {
    return prefix + String.format("%05d", checked(index));
  }

  /** The drawing itself, for whoever writes it to files. */
  public StreetImage street(int index) {
    return StreetImage.draw(appearance, streetSeed, checked(index), width, height);
  }

  @Override
  public Sample.Labelled labelled(int index) {
    StreetImage street = street(index);
    return new Sample.Labelled(
        id(index), image(street), new LabelImage(height, width, street.classes()));
  }

  @Override
  public Sample.Unlabelled unlabelled(int index) {
    return new Sample.Unlabelled(id(index), image(street(index)));
  }

  @Override
  public LabelImage originalLabels(int index) {
    return new LabelImage(height, width, street(index).classes());
  }

  @Override
  public void close() {
    // Holds nothing.
  }

  private static Image image(StreetImage street) {
    return Image.of(new RgbImage(street.height(), street.width(), street.rgb()));
  }

  private int checked(int index) {
    return java.util.Objects.checkIndex(index, size);
  }
}
