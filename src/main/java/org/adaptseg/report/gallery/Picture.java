package org.adaptseg.report.gallery;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.Serializable;
import java.util.Base64;
import java.util.List;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.PictureFile;
import org.adaptseg.data.image.RgbImage;

/**
 * An encoded picture.
 *
 * @param format {@code png} or {@code jpeg}
 * @param width in pixels
 * @param height in pixels
 * @param bytes the file; not copied, and not to be written to
 */
public record Picture(String format, int width, int height, byte[] bytes) implements Serializable {
  /** Below this many pixels a photograph is stored without loss. */
  private static final int SMALL = 20_000;

  private static final int LEVELS = 256;

  /**
   * Stops of the map from 0 to 1, dark blue over red to light yellow: their lightness rises all the
   * way, so that the order is seen without colour, too.
   */
  private static final int[] RAMP = {
    0x0b0924, 0x2b1160, 0x5f187f, 0x982d80, 0xd3436e, 0xf8765c, 0xfebb81, 0xfcfdbf
  };

  /** A photograph: JPEG, or PNG where it is small. */
  public static Picture photo(RgbImage image) {
    BufferedImage pixels =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    byte[] rgb = image.rgb();
    for (int i = 0; i < rgb.length / 3; i++) {
      int value = (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | rgb[3 * i + 2] & 0xFF;
      pixels.setRGB(i % image.width(), i / image.width(), value);
    }
    boolean small = image.width() * image.height() <= SMALL;
    return encode(pixels, small ? "png" : "jpeg");
  }

  /** Train ids in the colours of their classes; ignored pixels are black. */
  public static Picture labels(LabelImage labels, LabelSpace space) {
    int[] palette = new int[LEVELS];
    for (int c = 0; c < space.size(); c++) {
      List<Integer> rgb = space.classes().get(c).rgb();
      palette[c] = rgb.get(0) << 16 | rgb.get(1) << 8 | rgb.get(2);
    }
    return indexed(labels.values(), labels.width(), labels.height(), palette);
  }

  /**
   * Values from 0 to 1 as a heat map.
   *
   * @param values row by row; what is outside 0 to 1 is clipped
   */
  public static Picture heat(float[] values, int width, int height) {
    byte[] indices = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      indices[i] = (byte) Math.round(Math.max(0, Math.min(1, values[i])) * (LEVELS - 1));
    }
    int[] palette = new int[LEVELS];
    for (int i = 0; i < LEVELS; i++) {
      palette[i] = ramp(i / (LEVELS - 1.0));
    }
    return indexed(indices, width, height, palette);
  }

  /** The colour of a value from 0 to 1 in {@link #heat}, as {@code 0xRRGGBB}. */
  public static int ramp(double value) {
    double at = value * (RAMP.length - 1);
    int below = Math.min(RAMP.length - 2, (int) at);
    double part = at - below;
    int colour = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = RAMP[below] >> shift & 0xFF;
      int b = RAMP[below + 1] >> shift & 0xFF;
      colour |= (int) Math.round(a + part * (b - a)) << shift;
    }
    return colour;
  }

  private static Picture indexed(byte[] indices, int width, int height, int[] palette) {
    IndexColorModel colours =
        new IndexColorModel(8, LEVELS, palette, 0, false, -1, java.awt.image.DataBuffer.TYPE_BYTE);
    BufferedImage image =
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, colours);
    image.getRaster().setDataElements(0, 0, width, height, indices);
    return encode(image, "png");
  }

  private static Picture encode(BufferedImage image, String format) {
    return new Picture(
        format, image.getWidth(), image.getHeight(), PictureFile.encode(image, format));
  }

  /** The picture as a URI that needs no other file. */
  public String dataUri() {
    return "data:image/" + format + ";base64," + Base64.getEncoder().encodeToString(bytes);
  }
}
