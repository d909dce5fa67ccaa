package org.adaptseg.data.image;

/**
 * A network input: 3×H×W, channels B, G, R, value = pixel (0..255) minus the channel's mean.
 *
 * @param height H, at least 1
 * @param width W, at least 1
 * @param chw 3·H·W values, channel-major; not copied, and whoever holds an image must not write to
 *     it (samples are cached and shared)
 */
public record Image(int height, int width, float[] chw) {
  /** Number of channels. */
  public static final int CHANNELS = 3;

  /** Means of the method's pretrained networks, in the order B, G, R. */
  private static final float[] MEAN_BGR = {104.00698793f, 116.66876762f, 122.67891434f};

  public Image {
    Shapes.check("image", height, width, CHANNELS, chw.length);
  }

  /** The mean of a channel (0 = B, 1 = G, 2 = R) that {@link #of} subtracts. */
  public static float mean(int channel) {
    return MEAN_BGR[channel];
  }

  /** Turns interleaved RGB pixels into the network's input. */
  public static Image of(RgbImage pixels) {
    int area = pixels.height() * pixels.width();
    byte[] rgb = pixels.rgb();
    float[] chw = new float[CHANNELS * area];
    for (int c = 0; c < CHANNELS; c++) {
      float mean = MEAN_BGR[c];
      int from = CHANNELS - 1 - c;
      for (int i = 0; i < area; i++) {
        chw[c * area + i] = (rgb[i * CHANNELS + from] & 0xFF) - mean;
      }
    }
    return new Image(pixels.height(), pixels.width(), chw);
  }

  /** The pixels again, rounded and clipped to 0..255; for pictures, not for arithmetic. */
  public RgbImage toRgb() {
    int area = height * width;
    byte[] rgb = new byte[CHANNELS * area];
    for (int c = 0; c < CHANNELS; c++) {
      for (int i = 0; i < area; i++) {
        int value = Math.round(chw[c * area + i] + MEAN_BGR[c]);
        rgb[i * CHANNELS + CHANNELS - 1 - c] = (byte) Math.max(0, Math.min(255, value));
      }
    }
    return new RgbImage(height, width, rgb);
  }
}
