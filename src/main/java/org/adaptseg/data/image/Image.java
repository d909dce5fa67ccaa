package org.adaptseg.data.image;

import java.util.Optional;
import org.adaptseg.config.data.Normalisation;

/**
 * A network input: 3×H×W, channels and values as a {@link Normalisation} makes them; 0 is the mean.
 * It holds these values, or the pixels that they are made of, in a quarter of the memory.
 */
public final class Image {
  /** Number of channels. */
  public static final int CHANNELS = 3;

  /** What images hold while they wait for a network; their values are the same either way. */
  public enum Form {
    /** Floats: what processors compute with. */
    VALUES,
    /** Bytes, as long as a change leaves pixels: what GPUs take, and make floats of. */
    PIXELS
  }

  private final int height;
  private final int width;
  private final float[] chw;
  private final RgbImage pixels;
  private final Normalisation normalisation;

  /**
   * An image of values.
   *
   * @param height H, at least 1
   * @param width W, at least 1
   * @param chw 3·H·W values, channel-major; not copied
   */
  public Image(int height, int width, float[] chw) {
    Shapes.check("image", height, width, CHANNELS, chw.length);
    this.height = height;
    this.width = width;
    this.chw = chw;
    this.pixels = null;
    this.normalisation = null;
  }

  private Image(RgbImage pixels, Normalisation normalisation) {
    this.height = pixels.height();
    this.width = pixels.width();
    this.chw = null;
    this.pixels = pixels;
    this.normalisation = normalisation;
  }

  /** Turns interleaved RGB pixels into the network's input, as values. */
  public static Image of(RgbImage pixels, Normalisation normalisation) {
    return new Image(pixels.height(), pixels.width(), values(pixels, normalisation));
  }

  /** As the other, in a form. */
  public static Image of(RgbImage pixels, Normalisation normalisation, Form form) {
    return switch (form) {
      case VALUES -> of(pixels, normalisation);
      case PIXELS -> new Image(pixels, normalisation);
    };
  }

  private static float[] values(RgbImage pixels, Normalisation normalisation) {
    InputChannels channels = InputChannels.of(normalisation);
    int area = pixels.height() * pixels.width();
    byte[] rgb = pixels.rgb();
    float[] chw = new float[CHANNELS * area];
    for (int c = 0; c < CHANNELS; c++) {
      float mean = channels.mean(c);
      float scale = channels.scale(c);
      int from = channels.of(c);
      for (int i = 0; i < area; i++) {
        chw[c * area + i] = ((rgb[i * CHANNELS + from] & 0xFF) - mean) * scale;
      }
    }
    return chw;
  }

  /** H. */
  public int height() {
    return height;
  }

  /** W. */
  public int width() {
    return width;
  }

  /**
   * The values, channel-major; holders of an image must not write to them (samples are cached and
   * shared). Of an image of pixels they are made anew by every call.
   */
  public float[] chw() {
    return chw == null ? values(pixels, normalisation) : chw;
  }

  /** The image by its values. */
  public Image toValues() {
    return chw == null ? of(pixels, normalisation) : this;
  }

  /** Its pixels, if it is an image of such; not to be written to. */
  public Optional<RgbImage> pixels() {
    return Optional.ofNullable(pixels);
  }

  /** What its values are made of its pixels by, if it is an image of such. */
  public Optional<Normalisation> normalisation() {
    return Optional.ofNullable(normalisation);
  }

  /** The same image of other pixels; this must be one of pixels. */
  public Image with(RgbImage others) {
    return new Image(others, normalisation().orElseThrow());
  }

  /**
   * The pixels again, rounded and clipped to 0..255; for pictures, not for arithmetic.
   *
   * @param madeWith what the image was made with
   */
  public RgbImage toRgb(Normalisation madeWith) {
    if (pixels != null) {
      return pixels;
    }
    InputChannels channels = InputChannels.of(madeWith);
    int area = height * width;
    byte[] rgb = new byte[CHANNELS * area];
    for (int c = 0; c < CHANNELS; c++) {
      for (int i = 0; i < area; i++) {
        int value = Math.round(chw[c * area + i] / channels.scale(c) + channels.mean(c));
        rgb[i * CHANNELS + channels.of(c)] = (byte) Math.max(0, Math.min(255, value));
      }
    }
    return new RgbImage(height, width, rgb);
  }
}
