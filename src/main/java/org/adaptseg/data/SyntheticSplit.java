package org.adaptseg.data;

import java.util.Locale;
import java.util.Objects;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.data.streets.Appearance;
import org.adaptseg.data.streets.StreetClass;
import org.adaptseg.data.streets.StreetImage;

/**
 * Streets drawn on demand: numbers {@code offset} to {@code offset + size - 1} of a seed. Splits
 * whose ranges are apart show different streets of the same distribution. Nothing is kept; drawing
 * one at 192×96 takes a few milliseconds.
 */
public final class SyntheticSplit implements Split {
  private final String prefix;
  private final Appearance appearance;
  private final byte[] trainIds = new byte[StreetClass.values().length];
  private final long seed;
  private final long offset;
  private final int size;
  private final int width;
  private final int height;
  private final Normalisation normalisation;
  private final Image.Form form;

  /**
   * @param name begins the ids of the samples, for example {@code synthetic-target-val}
   * @param appearance how the streets look; layouts do not depend on it
   * @param space says the train ids of the drawn classes; what it lacks is ignored
   * @param offset number of the first street, at least 0
   * @param size number of streets, at least 1
   * @param normalisation how pixels become the network's input
   * @param form what samples' images hold
   */
  public SyntheticSplit(
      String name,
      Appearance appearance,
      LabelSpace space,
      long seed,
      long offset,
      int size,
      int width,
      int height,
      Normalisation normalisation,
      Image.Form form) {
    if (size < 1 || offset < 0 || Math.min(width, height) < StreetImage.MIN_SIDE) {
      throw new IllegalArgumentException(
          "Cannot draw a split: expected at least one street, from number 0 on, of at least "
              + StreetImage.MIN_SIDE
              + "x"
              + StreetImage.MIN_SIDE
              + " pixels, found "
              + size
              + " from "
              + offset
              + " of "
              + width
              + "x"
              + height
              + " ("
              + name
              + ")");
    }
    this.prefix = name + "-";
    this.appearance = appearance;
    for (StreetClass kind : StreetClass.values()) {
      trainIds[kind.ordinal()] = (byte) space.trainId(kind.label());
    }
    this.seed = seed;
    this.offset = offset;
    this.size = size;
    this.width = width;
    this.height = height;
    this.normalisation = normalisation;
    this.form = form;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public String id(int index) {
    return prefix + String.format(Locale.ROOT, "%05d", checked(index));
  }

  /** The drawing itself, for writing to files. */
  public StreetImage street(int index) {
    return StreetImage.draw(appearance, seed, offset + checked(index), width, height);
  }

  @Override
  public Sample.Labelled labelled(int index) {
    StreetImage street = street(index);
    return new Sample.Labelled(id(index), image(street), labels(street.classes()));
  }

  @Override
  public Sample.Unlabelled unlabelled(int index) {
    return new Sample.Unlabelled(id(index), image(street(index)));
  }

  @Override
  public RgbImage pixels(int index) {
    return pixels(street(index));
  }

  @Override
  public LabelImage originalLabels(int index) {
    return labels(StreetImage.drawClasses(seed, offset + checked(index), width, height));
  }

  @Override
  public void close() {
    // Holds nothing.
  }

  private Image image(StreetImage street) {
    return Image.of(pixels(street), normalisation, form);
  }

  private static RgbImage pixels(StreetImage street) {
    return new RgbImage(street.height(), street.width(), street.rgb());
  }

  private LabelImage labels(byte[] classes) {
    byte[] values = classes.clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = trainIds[values[i]];
    }
    return new LabelImage(height, width, values);
  }

  private int checked(int index) {
    return Objects.checkIndex(index, size);
  }
}
