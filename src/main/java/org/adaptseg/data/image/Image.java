package org.adaptseg.data.image;

import org.adaptseg.config.data.Normalisation;

/**
 * A network input: 3×H×W, channels and values as a {@link Normalisation} makes them; 0 is the mean.
 *
 * @param height H, at least 1
 * @param width W, at least 1
 * @param chw 3·H·W values, channel-major; not copied; holders of an image must not write to it
 *     (samples are cached and shared)
 */
public record Image(int height, int width, float[] chw) {
  /** Number of channels. */
  public static final int CHANNELS = 3;

  public Image {
    Shapes.check("image", height, width, CHANNELS, chw.length);
  }

  /** Turns interleaved RGB pixels into the network's input. */
  public static Image of(RgbImage pixels, Normalisation normalisation) {
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
    return new Image(pixels.height(), pixels.width(), chw);
  }

  /**
   * The pixels again, rounded and clipped to 0..255; for pictures, not for arithmetic.
   *
   * @param normalisation what the image was made with
   */
  public RgbImage toRgb(Normalisation normalisation) {
    InputChannels channels = InputChannels.of(normalisation);
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
