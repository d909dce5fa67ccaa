package org.adaptseg.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.adaptseg.config.data.Augmentation;
import org.adaptseg.config.data.Crop;
import org.adaptseg.config.data.Jitter;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.junit.jupiter.api.Test;

/** What training sees of an image where {@code crop} is configured. */
class CropTest {
  private static final int HEIGHT = 40;
  private static final int WIDTH = 48;
  private static final Crop CROP = new Crop(36, 32, 1, 0);

  /** Pixel value = 100 · column + row in every channel. */
  private static Sample.Labelled sample(int height, int width, byte[] labels) {
    float[] chw = new float[3 * height * width];
    for (int i = 0; i < chw.length; i++) {
      int pixel = i % (height * width);
      chw[i] = 100 * (pixel % width) + pixel / width;
    }
    return new Sample.Labelled(
        "s", new Image(height, width, chw), new LabelImage(height, width, labels));
  }

  /** Label = column. */
  private static Sample.Labelled sample() {
    byte[] labels = new byte[HEIGHT * WIDTH];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % WIDTH);
    }
    return sample(HEIGHT, WIDTH, labels);
  }

  private static SampleChange change(Crop crop, boolean mirror, double scale) {
    Augmentation augmentation = new Augmentation(mirror, scale, scale);
    return new SampleChange(augmentation, crop, Jitter.NONE, Normalisation.CAFFE, 1);
  }

  @Test
  void aCropIsAPlaceOfTheImageAndEveryPlaceIsAsLikely() {
    Map<Integer, Integer> lefts = new HashMap<>();
    Map<Integer, Integer> tops = new HashMap<>();
    for (int position = 0; position < 1300; position++) {
      Sample.Labelled result = change(CROP, false, 1).apply(sample(), position);
      assertThat(result.image().width()).isEqualTo(36);
      assertThat(result.image().height()).isEqualTo(32);
      int left = result.labels().at(0, 0);
      int top = (int) result.image().chw()[0] - 100 * left;
      lefts.merge(left, 1, Integer::sum);
      tops.merge(top, 1, Integer::sum);
      for (int i = 0; i < 3 * 32 * 36; i++) {
        int x = i % 36;
        int y = i / 36 % 32;
        if (result.image().chw()[i] != 100 * (left + x) + top + y
            || result.labels().at(y, x) != left + x) {
          assertThat(i).as("a pixel of another place at position %d", position).isNegative();
        }
      }
    }
    // 13 columns and 9 rows to begin at: 100 and 144 times each, give or take 4 deviations.
    assertThat(new TreeSet<>(lefts.keySet())).hasSize(13).first().isEqualTo(0);
    assertThat(lefts.values()).allSatisfy(n -> assertThat(n).isBetween(60, 140));
    assertThat(new TreeSet<>(tops.keySet())).hasSize(9).first().isEqualTo(0);
    assertThat(tops.values()).allSatisfy(n -> assertThat(n).isBetween(96, 192));
  }

  @Test
  void aMirroredCropIsMirroredImageAndLabelsAlike() {
    int mirrored = 0;
    for (int position = 0; position < 100; position++) {
      Sample.Labelled result = change(CROP, true, 1).apply(sample(), position);
      int first = result.labels().at(0, 0);
      int step = result.labels().at(0, 1) - first;
      mirrored += step < 0 ? 1 : 0;
      int top = (int) result.image().chw()[0] - 100 * first;
      for (int x = 0; x < 36; x++) {
        assertThat(result.labels().at(31, x)).isEqualTo(first + step * x);
        assertThat(result.image().chw()[31 * 36 + x])
            .isEqualTo(100f * (first + step * x) + top + 31);
      }
    }
    assertThat(mirrored).isBetween(30, 70);
  }

  @Test
  void seedAndPositionDecideAndLabelsDoNotUnlessTheyAreAsked() {
    Sample.Labelled once = change(CROP, true, 1).apply(sample(), 17);
    Sample.Unlabelled alone =
        change(CROP, true, 1).apply(new Sample.Unlabelled("s", sample().image()), 17);

    assertThat(change(CROP, true, 1).apply(sample(), 17).image().chw())
        .isEqualTo(once.image().chw());
    assertThat(alone.image().chw()).isEqualTo(once.image().chw());
    assertThat(change(CROP, true, 1).apply(sample(), 18).image().chw())
        .isNotEqualTo(once.image().chw());
  }

  /** Of 96 columns the first 64 are of class 0, the others of eight classes. */
  private static Sample.Labelled uneven(int ignoredRows) {
    byte[] labels = new byte[32 * 96];
    for (int i = 0; i < labels.length; i++) {
      int x = i % 96;
      labels[i] = (byte) (i / 96 < ignoredRows ? LabelImage.IGNORE : x < 64 ? 0 : x % 8);
    }
    return sample(32, 96, labels);
  }

  /** Share of class 0 in what is not ignored. */
  private static double share(LabelImage labels) {
    int zeros = 0;
    int labelled = 0;
    for (byte value : labels.values()) {
      zeros += value == 0 ? 1 : 0;
      labelled += (value & 0xFF) == LabelImage.IGNORE ? 0 : 1;
    }
    return (double) zeros / labelled;
  }

  private static long tooEven(Crop crop, Sample.Labelled sample) {
    long count = 0;
    for (int position = 0; position < 300; position++) {
      count += share(change(crop, false, 1).apply(sample, position).labels()) > 0.75 ? 1 : 0;
    }
    return count;
  }

  @Test
  void aCropOfMostlyOneClassIsDrawnAgainAsOftenAsConfigured() {
    // From column 42 on the share of class 0 is at most 0.75: 23 of 65 places.
    assertThat(tooEven(new Crop(32, 32, 1, 10), uneven(0))).isBetween(160L, 230L);
    assertThat(tooEven(new Crop(32, 32, 0.75, 0), uneven(0)))
        .isEqualTo(tooEven(new Crop(32, 32, 1, 10), uneven(0)));
    // One more draw leaves the square of 42/65, 42 %; ten leave 0.8 %.
    assertThat(tooEven(new Crop(32, 32, 0.75, 1), uneven(0))).isBetween(95L, 155L);
    assertThat(tooEven(new Crop(32, 32, 0.75, 10), uneven(0))).isBetween(0L, 8L);
    assertThat(tooEven(new Crop(32, 32, 0.75, 1000), uneven(0))).isZero();
    // Ignored pixels are no class: the share is of the others.
    assertThat(tooEven(new Crop(32, 32, 0.75, 1000), uneven(20))).isZero();
  }

  @Test
  void whatNoDrawMakesBetterIsTakenInTheEnd() {
    Sample.Labelled one = sample(40, 48, new byte[40 * 48]);
    Sample.Labelled ignored = uneven(32);

    assertThat(share(change(new Crop(32, 32), false, 1).apply(one, 3).labels())).isOne();
    assertThat(change(new Crop(32, 32), false, 1).apply(ignored, 3).labels().values())
        .containsOnly((byte) LabelImage.IGNORE);
  }

  @Test
  void anEnlargedImageIsCroppedAllOverAndASmallerOneIsPadded() {
    Crop crop = new Crop(32, 32, 1, 0);
    int most = 0;
    for (int position = 0; position < 100; position++) {
      Sample.Labelled large = change(crop, false, 2).apply(sample(), position);
      assertThat(large.labels().values()).doesNotContain((byte) LabelImage.IGNORE);
      // 32 columns of the result are 16 of the image.
      assertThat(large.labels().at(0, 31) - large.labels().at(0, 0)).isBetween(15, 16);
      most = Math.max(most, large.labels().at(0, 31));

      Sample.Labelled small = change(crop, false, 0.5).apply(sample(), position);
      int inside = 0;
      for (byte value : small.labels().values()) {
        inside += (value & 0xFF) == LabelImage.IGNORE ? 0 : 1;
      }
      assertThat(inside).isEqualTo(20 * 24);
    }
    assertThat(most).isGreaterThan(44);
  }
}
