package org.adaptseg.data.prediction;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.awt.image.IndexColorModel;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.RgbImage;

/**
 * The pictures of one prediction.
 *
 * @param ids of label-id files
 * @param space colours of the classes
 * @param choice the classes that are shown
 */
record PredictionPictures(LabelIds ids, LabelSpace space, ClassChoice choice) {
  private static final int OTHER = LabelImage.IGNORE;
  private static final int VALUES = 256;
  private static final int EIGHT_BITS = 255;
  private static final int SIXTEEN_BITS = 65535;

  private boolean all() {
    return choice.trainIds().size() == space.size();
  }

  /** The classes that are shown; {@link LabelImage#IGNORE} for others. */
  private byte[] shown(LabelImage labels) {
    if (all()) {
      return labels.values();
    }
    byte[] shown = labels.values().clone();
    for (int i = 0; i < shown.length; i++) {
      if (!choice.trainIds().contains(shown[i] & 0xFF)) {
        shown[i] = (byte) OTHER;
      }
    }
    return shown;
  }

  BufferedImage labelIds(LabelImage labels) {
    byte[] from = shown(labels);
    short[] raw = new short[VALUES];
    raw[OTHER] = (short) choice.other();
    for (int i = 0; i < space.size(); i++) {
      raw[i] = ids.rawIds().get(i).shortValue();
    }
    if (ids.isEightBit() && (all() || choice.other() <= EIGHT_BITS)) {
      BufferedImage image = grey(labels.width(), labels.height(), BufferedImage.TYPE_BYTE_GRAY);
      byte[] to = bytes(image);
      for (int i = 0; i < from.length; i++) {
        to[i] = (byte) raw[from[i] & 0xFF];
      }
      return image;
    }
    BufferedImage image = grey(labels.width(), labels.height(), BufferedImage.TYPE_USHORT_GRAY);
    short[] to = shorts(image);
    for (int i = 0; i < from.length; i++) {
      to[i] = raw[from[i] & 0xFF];
    }
    return image;
  }

  BufferedImage colours(LabelImage labels) {
    int colours = all() ? space.size() : VALUES;
    byte[][] rgb = new byte[3][colours];
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < space.size(); i++) {
        rgb[c][i] = space.classes().get(i).rgb().get(c).byteValue();
      }
    }
    IndexColorModel palette = new IndexColorModel(8, colours, rgb[0], rgb[1], rgb[2]);
    BufferedImage image =
        new BufferedImage(
            labels.width(), labels.height(), BufferedImage.TYPE_BYTE_INDEXED, palette);
    byte[] from = shown(labels);
    System.arraycopy(from, 0, bytes(image), 0, from.length);
    return image;
  }

  BufferedImage overlay(RgbImage pixels, LabelImage labels) {
    BufferedImage image =
        new BufferedImage(labels.width(), labels.height(), BufferedImage.TYPE_3BYTE_BGR);
    byte[] to = bytes(image);
    List<int[]> colours = new ArrayList<>();
    space.classes().forEach(c -> colours.add(c.rgb().stream().mapToInt(v -> v).toArray()));
    byte[] rgb = pixels.rgb();
    byte[] classes = shown(labels);
    for (int i = 0; i < classes.length; i++) {
      int shown = classes[i] & 0xFF;
      for (int c = 0; c < 3; c++) {
        int below = rgb[3 * i + c] & 0xFF;
        int value = shown == OTHER ? below : (below + colours.get(shown)[c]) / 2;
        to[3 * i + 2 - c] = (byte) value;
      }
    }
    return image;
  }

  /** White is 1. */
  static BufferedImage eightBits(float[] values, int width, int height) {
    BufferedImage image = grey(width, height, BufferedImage.TYPE_BYTE_GRAY);
    byte[] to = bytes(image);
    for (int i = 0; i < to.length; i++) {
      to[i] = (byte) Math.round(EIGHT_BITS * values[i]);
    }
    return image;
  }

  /** White is 1. */
  static BufferedImage sixteenBits(float[] values, int width, int height) {
    BufferedImage image = grey(width, height, BufferedImage.TYPE_USHORT_GRAY);
    short[] to = shorts(image);
    for (int i = 0; i < to.length; i++) {
      to[i] = (short) Math.round(SIXTEEN_BITS * values[i]);
    }
    return image;
  }

  /** 8 or 16 bits a pixel. */
  private static BufferedImage grey(int width, int height, int type) {
    return new BufferedImage(width, height, type);
  }

  private static byte[] bytes(BufferedImage image) {
    return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
  }

  private static short[] shorts(BufferedImage image) {
    return ((DataBufferUShort) image.getRaster().getDataBuffer()).getData();
  }
}
