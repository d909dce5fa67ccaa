package org.adaptseg.data.streets;

import java.util.Locale;

/** The classes of the synthetic streets; the ordinal is the train id. */
public enum StreetClass {
  ROAD(7, 128, 64, 128),
  SIDEWALK(8, 244, 35, 232),
  BUILDING(11, 70, 70, 70),
  VEGETATION(21, 107, 142, 35),
  SKY(23, 70, 130, 180),
  PERSON(24, 220, 20, 60),
  CAR(26, 0, 0, 142),
  POLE(17, 153, 153, 153);

  private final int cityscapesId;
  private final int rgb;

  StreetClass(int cityscapesId, int red, int green, int blue) {
    this.cityscapesId = cityscapesId;
    this.rgb = red << 16 | green << 8 | blue;
  }

  /** The class's label id in Cityscapes and GTA5 files. */
  public int cityscapesId() {
    return cityscapesId;
  }

  /** The class's colour in the Cityscapes palette, 0xRRGGBB. */
  public int rgb() {
    return rgb;
  }

  /** The class's Cityscapes name, for example {@code road}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
