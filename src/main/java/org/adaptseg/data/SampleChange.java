package org.adaptseg.data;

import java.util.Arrays;
import org.adaptseg.config.data.Augmentation;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.random.SplitMix64;

/**
 * Random mirroring and scaling of samples at unchanged size, a function of (seed, position of the
 * sample in the run's sequence): the same wherever and whenever it is drawn. A scaled image is
 * sampled around a random place, bilinearly for the image and by the nearest pixel for labels;
 * outside it is the mean colour, and ignored.
 */
public final class SampleChange {
  private final Augmentation augmentation;
  private final long seed;

  /**
   * @param seed give source and target different ones
   */
  public SampleChange(Augmentation augmentation, long seed) {
    this.augmentation = augmentation;
    this.seed = seed;
  }

  /** The change of one sample: result (y, x) is the original at (top + y/scale, left + x/scale). */
  private record Draw(boolean mirror, double scale, double top, double left) {
    boolean isNone() {
      return !mirror && scale == 1;
    }

    /** The row or column of the original that a result's centre falls on. */
    static double at(int i, double scale, double from) {
      return from + (i + 0.5) / scale - 0.5;
    }
  }

  private Draw draw(long position, int height, int width) {
    SplitMix64 random = new SplitMix64(SplitMix64.hash(seed, position));
    boolean mirror = random.chance(0.5) && augmentation.mirror();
    double scale = random.uniform(augmentation.leastScale(), augmentation.greatestScale());
    // A crop lies inside the image; a padded image lies inside the result.
    double top = random.nextDouble() * (height - height / scale);
    double left = random.nextDouble() * (width - width / scale);
    return new Draw(mirror, scale, top, left);
  }

  /** The sample at a position of the sequence. */
  public Sample.Labelled apply(Sample.Labelled sample, long position) {
    Image image = sample.image();
    Draw draw = draw(position, image.height(), image.width());
    return augmentation.isNone() || draw.isNone()
        ? sample
        : new Sample.Labelled(sample.id(), change(image, draw), change(sample.labels(), draw));
  }

  /** The sample at a position of the sequence. */
  public Sample.Unlabelled apply(Sample.Unlabelled sample, long position) {
    Image image = sample.image();
    Draw draw = draw(position, image.height(), image.width());
    return augmentation.isNone() || draw.isNone()
        ? sample
        : new Sample.Unlabelled(sample.id(), change(image, draw));
  }

  private static int column(int x, int width, boolean mirror) {
    return mirror ? width - 1 - x : x;
  }

  private static Image change(Image image, Draw draw) {
    int height = image.height();
    int width = image.width();
    float[] from = image.chw();
    float[] to = new float[from.length]; // 0 is the mean colour
    for (int y = 0; y < height; y++) {
      double v = Draw.at(y, draw.scale(), draw.top());
      for (int x = 0; x < width; x++) {
        double u = Draw.at(column(x, width, draw.mirror()), draw.scale(), draw.left());
        if (v < -0.5 || u < -0.5 || v >= height - 0.5 || u >= width - 0.5) {
          continue;
        }
        for (int c = 0; c < Image.CHANNELS; c++) {
          to[(c * height + y) * width + x] =
              bilinear(from, c * height * width, height, width, v, u);
        }
      }
    }
    return new Image(height, width, to);
  }

  private static float bilinear(
      float[] from, int offset, int height, int width, double v, double u) {
    double y = Math.max(0, Math.min(height - 1, v));
    double x = Math.max(0, Math.min(width - 1, u));
    int y0 = (int) y;
    int x0 = (int) x;
    int y1 = Math.min(y0 + 1, height - 1);
    int x1 = Math.min(x0 + 1, width - 1);
    double wy = y - y0;
    double wx = x - x0;
    double upper = (1 - wx) * from[offset + y0 * width + x0] + wx * from[offset + y0 * width + x1];
    double lower = (1 - wx) * from[offset + y1 * width + x0] + wx * from[offset + y1 * width + x1];
    return (float) ((1 - wy) * upper + wy * lower);
  }

  private static LabelImage change(LabelImage labels, Draw draw) {
    int height = labels.height();
    int width = labels.width();
    byte[] to = new byte[height * width];
    Arrays.fill(to, (byte) LabelImage.IGNORE);
    for (int y = 0; y < height; y++) {
      long v = Math.round(Draw.at(y, draw.scale(), draw.top()));
      for (int x = 0; x < width; x++) {
        long u = Math.round(Draw.at(column(x, width, draw.mirror()), draw.scale(), draw.left()));
        if (v >= 0 && u >= 0 && v < height && u < width) {
          to[y * width + x] = labels.values()[(int) v * width + (int) u];
        }
      }
    }
    return new LabelImage(height, width, to);
  }
}
