package org.adaptseg.data;

import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.RgbImage;

/** A copy of an image, which pixels of another one are pasted onto. */
sealed interface Collage {
  /** Of pixels where both are images of such, of values otherwise. */
  static Collage of(Image image, Image other) {
    return image.pixels().isPresent() && image.normalisation().equals(other.normalisation())
        ? new OfPixels(image, image.pixels().get().rgb().clone(), other.pixels().get().rgb())
        : new OfValues(image, image.chw().clone(), other.chw());
  }

  /**
   * Replaces a pixel.
   *
   * @param from which of the other image
   * @param to which of the copy
   */
  void paste(int from, int to);

  /** The copy. */
  Image image();

  /** Of three bytes a pixel. */
  record OfPixels(Image original, byte[] rgb, byte[] other) implements Collage {
    @Override
    public void paste(int from, int to) {
      System.arraycopy(other, Image.CHANNELS * from, rgb, Image.CHANNELS * to, Image.CHANNELS);
    }

    @Override
    public Image image() {
      return original.with(new RgbImage(original.height(), original.width(), rgb));
    }
  }

  /** Of three planes. */
  record OfValues(Image original, float[] chw, float[] other) implements Collage {
    @Override
    public void paste(int from, int to) {
      int plane = other.length / Image.CHANNELS;
      int area = chw.length / Image.CHANNELS;
      for (int c = 0; c < Image.CHANNELS; c++) {
        chw[c * area + to] = other[c * plane + from];
      }
    }

    @Override
    public Image image() {
      return new Image(original.height(), original.width(), chw);
    }
  }
}
