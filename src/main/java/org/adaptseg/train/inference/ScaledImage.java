package org.adaptseg.train.inference;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.Resize;
import org.adaptseg.data.image.RgbImage;

/**
 * An image at one scale, and where the network looks. Where it looks through windows, pixels wait
 * as bytes and become numbers window by window.
 */
final class ScaledImage {
  private final RgbImage pixels;
  private final Image whole;
  private final Normalisation normalisation;
  private final Image.Form form;
  private final boolean flip;
  private final List<Place> places = new ArrayList<>();

  /** A window. */
  record Place(int y, int x, int height, int width) {}

  private ScaledImage(
      RgbImage image, int width, int height, Views views, Normalisation n, Image.Form form) {
    Views.Window window = views.window();
    int windowWidth = window == null ? width : Math.min(width, window.width());
    int windowHeight = window == null ? height : Math.min(height, window.height());
    int strideX = window == null ? width : window.strideX();
    int strideY = window == null ? height : window.strideY();
    for (int y : Views.starts(height, windowHeight, strideY)) {
      for (int x : Views.starts(width, windowWidth, strideX)) {
        places.add(new Place(y, x, windowHeight, windowWidth));
      }
    }
    this.normalisation = n;
    this.form = form;
    this.flip = views.flip();
    boolean atOnce = places.size() == 1;
    this.whole = atOnce ? Resize.bicubicInput(image, width, height, n, form) : null;
    this.pixels = atOnce ? null : Resize.bicubic(image, width, height);
  }

  /**
   * An image at all scales.
   *
   * @param width of the network's input at scale 1, unless images are looked at at their own size
   * @param height of it
   * @param form what the network's inputs hold
   */
  static List<ScaledImage> of(
      RgbImage image,
      int width,
      int height,
      Views views,
      Normalisation normalisation,
      Image.Form form) {
    List<ScaledImage> scaled = new ArrayList<>();
    for (double scale : views.scales()) {
      int w = scaled(views.ownSize() ? image.width() : width, scale);
      int h = scaled(views.ownSize() ? image.height() : height, scale);
      scaled.add(new ScaledImage(image, w, h, views, normalisation, form));
    }
    return scaled;
  }

  private static int scaled(int side, double scale) {
    return Math.max(1, Math.toIntExact(Math.round(side * scale)));
  }

  int height() {
    return whole == null ? pixels.height() : whole.height();
  }

  int width() {
    return whole == null ? pixels.width() : whole.width();
  }

  /** Whether the network looks at the mirrored image, too. */
  boolean flip() {
    return flip;
  }

  List<Place> places() {
    return places;
  }

  /**
   * The network's input for a window.
   *
   * @param mirrored whether the window is of the image mirrored from left to right
   */
  Image input(Place place, boolean mirrored) {
    if (whole != null) {
      return mirrored ? mirrored(whole) : whole;
    }
    byte[] rgb = new byte[3 * place.height * place.width];
    for (int y = 0; y < place.height; y++) {
      int row = (place.y + y) * pixels.width();
      for (int x = 0; x < place.width; x++) {
        int column = mirrored ? pixels.width() - 1 - place.x - x : place.x + x;
        System.arraycopy(pixels.rgb(), 3 * (row + column), rgb, 3 * (y * place.width + x), 3);
      }
    }
    return Image.of(new RgbImage(place.height, place.width, rgb), normalisation, form);
  }

  private static Image mirrored(Image image) {
    int width = image.width();
    if (image.pixels().isPresent()) {
      byte[] from = image.pixels().get().rgb();
      byte[] to = new byte[from.length];
      int row = Image.CHANNELS * width;
      for (int i = 0; i < from.length; i += Image.CHANNELS) {
        int mirror = i / row * row + row - Image.CHANNELS - i % row;
        System.arraycopy(from, i, to, mirror, Image.CHANNELS);
      }
      return image.with(new RgbImage(image.height(), width, to));
    }
    float[] from = image.chw();
    float[] to = new float[from.length];
    for (int row = 0; row < from.length; row += width) {
      for (int x = 0; x < width; x++) {
        to[row + x] = from[row + width - 1 - x];
      }
    }
    return new Image(image.height(), width, to);
  }
}
