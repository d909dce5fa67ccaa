package org.adaptseg.data;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.Predicate;
import org.adaptseg.config.data.Augmentation;
import org.adaptseg.config.data.Crop;
import org.adaptseg.config.data.Jitter;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.Photometric;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.data.random.SplitMix64;

/**
 * Random mirroring, scaling, cropping and colours of samples, a function of (seed, position of the
 * sample in the run's sequence): the same wherever and whenever it is drawn. A result has the size
 * of the crop, or of the image where there is none. It shows a random place of the scaled image,
 * sampled bilinearly for the image and by the nearest pixel for labels; outside it is the mean
 * colour, and ignored. Colours come last, and leave labels and what is outside alone. An image of
 * pixels stays one where it is only mirrored or cropped.
 */
public final class SampleChange {
  private static final long COLOURS = -1;

  private final Augmentation augmentation;
  private final Crop crop;
  private final Jitter jitter;
  private final Normalisation normalisation;
  private final long seed;

  /**
   * @param normalisation what images are made with
   * @param seed give source and target different ones
   */
  public SampleChange(
      Augmentation augmentation, Crop crop, Jitter jitter, Normalisation normalisation, long seed) {
    this.augmentation = augmentation;
    this.crop = crop;
    this.jitter = jitter;
    this.normalisation = normalisation;
    this.seed = seed;
  }

  /** Whole images in their own colours. */
  public SampleChange(Augmentation augmentation, long seed) {
    this(augmentation, Crop.NONE, Jitter.NONE, Normalisation.CAFFE, seed);
  }

  /** The change of one sample: result (y, x) is the original at (top + y/scale, left + x/scale). */
  private record Draw(
      boolean mirror, double scale, double top, double left, int height, int width) {
    boolean isNone(Image image) {
      return !mirror && scale == 1 && height == image.height() && width == image.width();
    }

    /** Row of the original that a result's centre falls on. */
    double row(int y) {
      return top + (y + 0.5) / scale - 0.5;
    }

    /** Column of the original that a result's centre falls on. */
    double column(int x) {
      return left + ((mirror ? width - 1 - x : x) + 0.5) / scale - 0.5;
    }

    /** The part of a result that shows the image. */
    Photometric.Part inside(Image image) {
      int[] rows = inside(height, image.height(), this::row);
      int[] columns = inside(width, image.width(), this::column);
      return new Photometric.Part(rows[0], columns[0], rows[1] - rows[0], columns[1] - columns[0]);
    }

    /** The first of a result's rows or columns that the image has, and the first behind them. */
    private static int[] inside(int results, int size, IntToDoubleFunction original) {
      int first = 0;
      while (first < results - 1 && isOutside(original.applyAsDouble(first), size)) {
        first++;
      }
      int end = first + 1;
      while (end < results && !isOutside(original.applyAsDouble(end), size)) {
        end++;
      }
      return new int[] {first, end};
    }

    /** Whether a result's pixels are the image's: neither scaled nor beside it. */
    boolean keepsPixels(Image image) {
      return scale == 1
          && !isOutside(row(0), image.height())
          && !isOutside(row(height - 1), image.height())
          && !isOutside(column(0), image.width())
          && !isOutside(column(width - 1), image.width());
    }

    static boolean isOutside(double at, int size) {
      return at < -0.5 || at >= size - 0.5;
    }
  }

  /**
   * Draws places until one suits.
   *
   * @param suits whether a place may stay; not asked of the last one
   */
  private Draw draw(long position, Image image, Predicate<Draw> suits) {
    SplitMix64 random = new SplitMix64(SplitMix64.hash(seed, position));
    boolean mirror = random.chance(0.5) && augmentation.mirror();
    double scale = random.uniform(augmentation.leastScale(), augmentation.greatestScale());
    int height = crop.isNone() ? image.height() : crop.height();
    int width = crop.isNone() ? image.width() : crop.width();
    for (int redraws = 0; ; redraws++) {
      // A crop lies inside the image; a padded image lies inside the result.
      double top = place(random.nextDouble(), image.height(), height, scale);
      double left = place(random.nextDouble(), image.width(), width, scale);
      Draw draw = new Draw(mirror, scale, top, left, height, width);
      if (redraws == crop.redraws() || suits.test(draw)) {
        return draw;
      }
    }
  }

  /** Where a result begins; in whole pixels where the image is not scaled. */
  private static double place(double share, int from, int to, double scale) {
    return scale == 1 ? Math.floor(share * (from - to + 1)) : share * (from - to / scale);
  }

  /** The sample at a position of the sequence. */
  public Sample.Labelled apply(Sample.Labelled sample, long position) {
    Image image = sample.image();
    boolean asks = !crop.isNone() && crop.largestShare() < 1;
    Draw draw = draw(position, image, d -> !asks || isVaried(change(sample.labels(), d)));
    if (draw.isNone(image) && jitter.isNone()) {
      return sample;
    }
    return new Sample.Labelled(
        sample.id(), coloured(image, draw, position), change(sample.labels(), draw));
  }

  /** The sample at a position of the sequence. */
  public Sample.Unlabelled apply(Sample.Unlabelled sample, long position) {
    Image image = sample.image();
    Draw draw = draw(position, image, d -> true);
    return draw.isNone(image) && jitter.isNone()
        ? sample
        : new Sample.Unlabelled(sample.id(), coloured(image, draw, position));
  }

  /** Whether no class has more of the labelled pixels than its largest share. */
  private boolean isVaried(LabelImage labels) {
    int[] counts = new int[LabelImage.IGNORE + 1];
    for (byte value : labels.values()) {
      counts[value & 0xFF]++;
    }
    int labelled = labels.values().length - counts[LabelImage.IGNORE];
    counts[LabelImage.IGNORE] = 0;
    int most = Arrays.stream(counts).max().orElseThrow();
    return labelled > 0 && most <= crop.largestShare() * labelled;
  }

  private Image coloured(Image image, Draw draw, long position) {
    Image changed = change(image, draw);
    if (jitter.isNone()) {
      return changed;
    }
    SplitMix64 random = new SplitMix64(SplitMix64.hash(seed, position, COLOURS));
    return Photometric.jitter(changed, draw.inside(image), jitter, normalisation, random);
  }

  private static Image change(Image image, Draw draw) {
    if (draw.isNone(image)) {
      return image;
    }
    int height = draw.height();
    int width = draw.width();
    if (image.pixels().isPresent() && draw.keepsPixels(image)) {
      return image.with(moved(image.pixels().get(), draw));
    }
    float[] from = image.chw();
    float[] to = new float[Image.CHANNELS * height * width]; // 0 is the mean colour
    for (int y = 0; y < height; y++) {
      double v = draw.row(y);
      for (int x = 0; x < width; x++) {
        double u = draw.column(x);
        if (Draw.isOutside(v, image.height()) || Draw.isOutside(u, image.width())) {
          continue;
        }
        for (int c = 0; c < Image.CHANNELS; c++) {
          int offset = c * image.height() * image.width();
          to[(c * height + y) * width + x] =
              draw.scale() == 1
                  ? from[offset + (int) v * image.width() + (int) u]
                  : bilinear(from, offset, image.height(), image.width(), v, u);
        }
      }
    }
    return new Image(height, width, to);
  }

  private static RgbImage moved(RgbImage image, Draw draw) {
    byte[] rgb = new byte[Image.CHANNELS * draw.height() * draw.width()];
    for (int y = 0; y < draw.height(); y++) {
      int row = (int) draw.row(y) * image.width();
      for (int x = 0; x < draw.width(); x++) {
        int from = Image.CHANNELS * (row + (int) draw.column(x));
        int to = Image.CHANNELS * (y * draw.width() + x);
        System.arraycopy(image.rgb(), from, rgb, to, Image.CHANNELS);
      }
    }
    return new RgbImage(draw.height(), draw.width(), rgb);
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
    int height = draw.height();
    int width = draw.width();
    byte[] to = new byte[height * width];
    Arrays.fill(to, (byte) LabelImage.IGNORE);
    for (int y = 0; y < height; y++) {
      long v = Math.round(draw.row(y));
      for (int x = 0; x < width; x++) {
        long u = Math.round(draw.column(x));
        if (v >= 0 && u >= 0 && v < labels.height() && u < labels.width()) {
          to[y * width + x] = labels.values()[(int) v * labels.width() + (int) u];
        }
      }
    }
    return new LabelImage(height, width, to);
  }
}
