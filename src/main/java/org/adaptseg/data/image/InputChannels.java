package org.adaptseg.data.image;

import org.adaptseg.config.data.Normalisation;

/**
 * What pixels become as a network's input: channel c is (value − mean) · scale of one of R, G, B.
 * The one place that knows the numbers.
 *
 * @param channels which of R, G, B (0, 1, 2) each channel is
 * @param means by channel, in values 0..255
 * @param scales by channel
 */
public record InputChannels(int[] channels, float[] means, float[] scales) {
  private static final float LARGEST = 255;

  /** Means of Caffe's ImageNet networks, which the method's are. */
  private static final InputChannels CAFFE =
      new InputChannels(
          new int[] {2, 1, 0},
          new float[] {104.00698793f, 116.66876762f, 122.67891434f},
          new float[] {1, 1, 1});

  private static final InputChannels TORCHVISION =
      new InputChannels(
          new int[] {0, 1, 2},
          new float[] {0.485f * LARGEST, 0.456f * LARGEST, 0.406f * LARGEST},
          new float[] {1 / (0.229f * LARGEST), 1 / (0.224f * LARGEST), 1 / (0.225f * LARGEST)});

  /** Those of a normalisation. */
  public static InputChannels of(Normalisation normalisation) {
    return switch (normalisation) {
      case CAFFE -> CAFFE;
      case TORCHVISION -> TORCHVISION;
    };
  }

  /** Which of R, G, B a channel is. */
  public int of(int channel) {
    return channels[channel];
  }

  /** Its mean, in values 0..255. */
  public float mean(int channel) {
    return means[channel];
  }

  /** What multiplies a value after the mean was subtracted. */
  public float scale(int channel) {
    return scales[channel];
  }
}
