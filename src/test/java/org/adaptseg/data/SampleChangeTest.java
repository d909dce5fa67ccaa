package org.adaptseg.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.adaptseg.config.data.Augmentation;
import org.adaptseg.config.data.Crop;
import org.adaptseg.config.data.Jitter;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.junit.jupiter.api.Test;

class SampleChangeTest {
  private static final int HEIGHT = 6;
  private static final int WIDTH = 8;

  /** Pixel value = 10 · column + row in every channel; label = column. */
  private static Sample.Labelled sample() {
    float[] chw = new float[3 * HEIGHT * WIDTH];
    byte[] labels = new byte[HEIGHT * WIDTH];
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        labels[y * WIDTH + x] = (byte) x;
        for (int c = 0; c < 3; c++) {
          chw[(c * HEIGHT + y) * WIDTH + x] = 10 * x + y;
        }
      }
    }
    return new Sample.Labelled(
        "s", new Image(HEIGHT, WIDTH, chw), new LabelImage(HEIGHT, WIDTH, labels));
  }

  private static SampleChange change(boolean mirror, double least, double greatest) {
    return new SampleChange(new Augmentation(mirror, least, greatest), 1);
  }

  @Test
  void withoutAugmentationTheSampleIsTheSame() {
    Sample.Labelled sample = sample();

    assertThat(change(false, 1, 1).apply(sample, 5)).isSameAs(sample);
  }

  @Test
  void aboutHalfOfTheSamplesAreMirroredImageAndLabelsAlike() {
    int mirrored = 0;
    for (int position = 0; position < 200; position++) {
      Sample.Labelled result = change(true, 1, 1).apply(sample(), position);
      if (result.labels().at(2, 0) == WIDTH - 1) {
        mirrored++;
        for (int x = 0; x < WIDTH; x++) {
          assertThat(result.labels().at(2, x)).isEqualTo(WIDTH - 1 - x);
          assertThat(result.image().chw()[2 * WIDTH + x]).isEqualTo(10f * (WIDTH - 1 - x) + 2);
        }
      }
    }
    assertThat(mirrored).isBetween(70, 130);
  }

  @Test
  void aPositionAlwaysGivesTheSameChange() {
    Sample.Labelled once = change(true, 0.5, 2).apply(sample(), 17);
    Sample.Labelled again = change(true, 0.5, 2).apply(sample(), 17);
    Sample.Unlabelled alone =
        change(true, 0.5, 2).apply(new Sample.Unlabelled("s", sample().image()), 17);

    assertThat(again.image().chw()).isEqualTo(once.image().chw());
    assertThat(again.labels().values()).isEqualTo(once.labels().values());
    assertThat(alone.image().chw()).isEqualTo(once.image().chw());
    assertThat(change(true, 0.5, 2).apply(sample(), 18).image().chw())
        .isNotEqualTo(once.image().chw());
  }

  @Test
  void aLargerImageIsCroppedSoThatEveryPixelIsOfTheImage() {
    for (int position = 0; position < 50; position++) {
      Sample.Labelled result = change(false, 2, 2).apply(sample(), position);

      assertThat(result.labels().values()).doesNotContain((byte) LabelImage.IGNORE);
      // A column of the original is two of the result: values grow by five from pixel to pixel.
      float[] row = java.util.Arrays.copyOfRange(result.image().chw(), 2 * WIDTH, 3 * WIDTH);
      assertThat(row[4] - row[3]).isCloseTo(5f, within(1e-3f));
      assertThat(result.labels().at(2, 7) - result.labels().at(2, 0)).isBetween(3, 4);
    }
  }

  @Test
  void aSmallerImageIsPaddedWithTheMeanColourWhichIsIgnored() {
    for (int position = 0; position < 50; position++) {
      Sample.Labelled result = change(false, 0.5, 0.5).apply(sample(), position);

      int inside = 0;
      for (int i = 0; i < HEIGHT * WIDTH; i++) {
        if ((result.labels().values()[i] & 0xFF) == LabelImage.IGNORE) {
          assertThat(result.image().chw()[i]).isZero();
        } else {
          inside++;
        }
      }
      // Half of the height times half of the width.
      assertThat(inside).isEqualTo(HEIGHT * WIDTH / 4);
    }
  }

  @Test
  void coloursLeaveLabelsAndPaddingAloneAndAreThoseOfThePosition() {
    Augmentation half = new Augmentation(false, 0.5, 0.5);
    SampleChange plain =
        new SampleChange(half, Crop.NONE, Jitter.NONE, Normalisation.TORCHVISION, 1);
    SampleChange coloured =
        new SampleChange(
            half, Crop.NONE, new Jitter(0.5, 0.5, 0.5, 1), Normalisation.TORCHVISION, 1);
    Sample.Labelled before = plain.apply(sample(), 3);
    Sample.Labelled after = coloured.apply(sample(), 3);

    assertThat(after.labels().values()).isEqualTo(before.labels().values());
    assertThat(after.image().chw()).isNotEqualTo(before.image().chw());
    for (int i = 0; i < HEIGHT * WIDTH; i++) {
      if ((after.labels().values()[i] & 0xFF) == LabelImage.IGNORE) {
        assertThat(after.image().chw()[i]).isZero();
      }
    }
    Sample.Unlabelled alone = new Sample.Unlabelled("s", sample().image());
    assertThat(coloured.apply(alone, 3).image().chw()).isEqualTo(after.image().chw());
    assertThat(coloured.apply(sample(), 4).image().chw()).isNotEqualTo(after.image().chw());
  }
}
