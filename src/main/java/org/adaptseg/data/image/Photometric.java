package org.adaptseg.data.image;

import org.adaptseg.config.data.Jitter;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.random.SplitMix64;

/**
 * Random changes of an image's colours, as torchvision makes them of tensors of floating-point
 * numbers. With R, G and B from 0 to 255, values below 0 and above 255 cut off after each step, and
 * grey = 0.2989 R + 0.587 G + 0.114 B:
 *
 * <ul>
 *   <li>brightness: f · v,
 *   <li>contrast: f · v + (1 − f) · the mean grey of the image,
 *   <li>saturation: f · v + (1 − f) · the pixel's grey,
 *   <li>blur: each channel by a Gaussian of deviation σ, cut off at ⌈3σ⌉ pixels and summing to 1;
 *       behind its borders the image is reflected without repeating them.
 * </ul>
 *
 * Each factor f is drawn evenly from max(0, 1 − strength) to 1 + strength, σ from 0.1 to the
 * largest deviation. The first three come in an order that is drawn, blur comes last. A strength of
 * 0 leaves its step out. All is a function of the random sequence.
 */
public final class Photometric {
  private static final float LARGEST = 255;
  private static final float RED = 0.2989f;
  private static final float GREEN = 0.587f;
  private static final float BLUE = 0.114f;
  private static final int STEPS = 3;
  private static final double DEVIATIONS = 3;

  private final int height;
  private final int width;

  /** R, G and B of the changed part. */
  private final float[][] rgb = new float[Image.CHANNELS][];

  /**
   * The part of an image that is changed; what is outside is padding.
   *
   * @param height at least 1
   * @param width at least 1
   */
  public record Part(int top, int left, int height, int width) {
    /** All of an image. */
    public static Part all(Image image) {
      return new Part(0, 0, image.height(), image.width());
    }
  }

  private Photometric(int height, int width) {
    this.height = height;
    this.width = width;
  }

  /**
   * The image with other colours, as values; the given one stays as it is.
   *
   * @param normalisation what the image was made with
   * @param random decides; of every image it gives as many numbers
   */
  public static Image jitter(
      Image original, Part part, Jitter strength, Normalisation normalisation, SplitMix64 random) {
    Image image = original.toValues();
    InputChannels channels = InputChannels.of(normalisation);
    Photometric colours = new Photometric(part.height(), part.width());
    for (int c = 0; c < Image.CHANNELS; c++) {
      colours.rgb[channels.of(c)] = colours.read(image, part, c, channels);
    }
    colours.change(strength, random);
    float[] chw = image.chw().clone();
    for (int c = 0; c < Image.CHANNELS; c++) {
      float[] values = colours.rgb[channels.of(c)];
      for (int y = 0; y < part.height(); y++) {
        int to = start(image, part, c, y);
        for (int x = 0; x < part.width(); x++) {
          chw[to + x] = (values[y * part.width() + x] - channels.mean(c)) * channels.scale(c);
        }
      }
    }
    return new Image(image.height(), image.width(), chw);
  }

  private static int start(Image image, Part part, int channel, int y) {
    return (channel * image.height() + part.top() + y) * image.width() + part.left();
  }

  private float[] read(Image image, Part part, int channel, InputChannels channels) {
    float[] values = new float[height * width];
    for (int y = 0; y < height; y++) {
      int from = start(image, part, channel, y);
      for (int x = 0; x < width; x++) {
        values[y * width + x] =
            image.chw()[from + x] / channels.scale(channel) + channels.mean(channel);
      }
    }
    return values;
  }

  private void change(Jitter strength, SplitMix64 random) {
    double[] strengths = {strength.brightness(), strength.contrast(), strength.saturation()};
    int[] order = {0, 1, 2};
    float[] factors = new float[STEPS];
    for (int i = 0; i < STEPS; i++) {
      factors[i] = (float) random.uniform(Math.max(0, 1 - strengths[i]), 1 + strengths[i]);
    }
    for (int i = STEPS - 1; i > 0; i--) { // Fisher-Yates
      int j = random.nextInt(i + 1);
      int step = order[i];
      order[i] = order[j];
      order[j] = step;
    }
    double deviation =
        random.uniform(Jitter.LEAST_BLUR, Math.max(Jitter.LEAST_BLUR, strength.blur()));
    for (int step : order) {
      if (strengths[step] > 0) {
        apply(step, factors[step]);
      }
    }
    if (strength.blur() > 0) {
      for (int c = 0; c < Image.CHANNELS; c++) {
        rgb[c] = blurred(rgb[c], deviation);
      }
    }
  }

  private void apply(int step, float factor) {
    switch (step) {
      case 0 -> blend(factor, 0);
      case 1 -> blend(factor, (1 - factor) * meanGrey());
      default -> saturate(factor);
    }
  }

  private void blend(float factor, float added) {
    for (float[] channel : rgb) {
      for (int i = 0; i < channel.length; i++) {
        channel[i] = clipped(factor * channel[i] + added);
      }
    }
  }

  private void saturate(float factor) {
    for (int i = 0; i < height * width; i++) {
      float added = (1 - factor) * grey(i);
      for (float[] channel : rgb) {
        channel[i] = clipped(factor * channel[i] + added);
      }
    }
  }

  private float grey(int i) {
    return RED * rgb[0][i] + GREEN * rgb[1][i] + BLUE * rgb[2][i];
  }

  private float meanGrey() {
    double sum = 0;
    for (int i = 0; i < height * width; i++) {
      sum += grey(i);
    }
    return (float) (sum / (height * width));
  }

  private static float clipped(float value) {
    return Math.max(0, Math.min(LARGEST, value));
  }

  /** Weights of the distances 0, 1, … from a pixel; both sides of it sum to 1. */
  static float[] kernel(double deviation) {
    int radius = (int) Math.ceil(DEVIATIONS * deviation);
    double[] weights = new double[radius + 1];
    double sum = 0;
    for (int i = 0; i <= radius; i++) {
      weights[i] = Math.exp(-0.5 * (i / deviation) * (i / deviation));
      sum += i == 0 ? weights[i] : 2 * weights[i];
    }
    float[] kernel = new float[radius + 1];
    for (int i = 0; i <= radius; i++) {
      kernel[i] = (float) (weights[i] / sum);
    }
    return kernel;
  }

  /** Rows, then columns: the kernel in two dimensions is the product of the two. */
  private float[] blurred(float[] values, double deviation) {
    float[] kernel = kernel(deviation);
    float[] rows = new float[values.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float sum = kernel[0] * values[y * width + x];
        for (int i = 1; i < kernel.length; i++) {
          sum +=
              kernel[i]
                  * (values[y * width + reflected(x - i, width)]
                      + values[y * width + reflected(x + i, width)]);
        }
        rows[y * width + x] = sum;
      }
    }
    float[] both = new float[values.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float sum = kernel[0] * rows[y * width + x];
        for (int i = 1; i < kernel.length; i++) {
          sum +=
              kernel[i]
                  * (rows[reflected(y - i, height) * width + x]
                      + rows[reflected(y + i, height) * width + x]);
        }
        both[y * width + x] = sum;
      }
    }
    return both;
  }

  /** −1 is 1, and size is size − 2; as often as a narrow part needs it. */
  private static int reflected(int at, int size) {
    if (size == 1) {
      return 0;
    }
    int period = 2 * (size - 1);
    int within = Math.floorMod(at, period);
    return within < size ? within : period - within;
  }
}
