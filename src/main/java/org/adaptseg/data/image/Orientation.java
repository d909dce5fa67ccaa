package org.adaptseg.data.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The tag by which cameras say how a picture is to be turned for looking at (Exif 2.3, 4.6.4 A, tag
 * 274). Pixels are read as they are stored, as Pillow, OpenCV and torchvision read them: the tag
 * explains why a picture and what was drawn on its turned view do not fit.
 */
public enum Orientation {
  UPRIGHT(1, "upright"),
  MIRRORED(2, "mirrored"),
  HALF_TURNED(3, "to be turned by 180 degrees"),
  FLIPPED(4, "upside down and mirrored"),
  TRANSPOSED(5, "to be turned by 90 degrees and mirrored"),
  TURNED_RIGHT(6, "to be turned by 90 degrees"),
  TRANSVERSE(7, "to be turned by 270 degrees and mirrored"),
  TURNED_LEFT(8, "to be turned by 270 degrees");

  private static final int TAG = 274;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  private final int value;
  private final String meaning;

  Orientation(int value, String meaning) {
    this.value = value;
    this.meaning = meaning;
  }

  /**
   * Finds the tag.
   *
   * @param exif a TIFF file; null if there is none
   * @return {@link #UPRIGHT} if there is no valid tag
   */
  static Orientation of(byte[] exif) {
    if (exif == null) {
      return UPRIGHT;
    }
    try {
      ByteBuffer tiff = ByteBuffer.wrap(exif);
      tiff.order(tiff.getShort() == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      int directory = tiff.getInt(4);
      int entries = Short.toUnsignedInt(tiff.getShort(directory));
      for (int i = 0; i < entries; i++) {
        int at = directory + 2 + ENTRY_BYTES * i;
        if (Short.toUnsignedInt(tiff.getShort(at)) == TAG) {
          int value = tiff.getShort(at + 2) == SHORT ? tiff.getShort(at + 8) : tiff.getInt(at + 8);
          for (Orientation orientation : values()) {
            if (orientation.value == value) {
              return orientation;
            }
          }
        }
      }
      return UPRIGHT;
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      // Tags change no pixel, so damaged ones do no harm.
      return UPRIGHT;
    }
  }

  /** Whether width and height change places. */
  public boolean turns() {
    return value >= TRANSPOSED.value;
  }

  @Override
  public String toString() {
    return value + ", " + meaning;
  }
}
