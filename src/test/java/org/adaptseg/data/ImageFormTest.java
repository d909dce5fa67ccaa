package org.adaptseg.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.adaptseg.config.data.Augmentation;
import org.adaptseg.config.data.Crop;
import org.adaptseg.config.data.Jitter;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.Resize;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.data.random.SplitMix64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is made of images of pixels has the bits of what is made of their values. */
class ImageFormTest {
  private static final int HEIGHT = 40;
  private static final int WIDTH = 50;

  private static RgbImage pixels(int seed, int height, int width) {
    SplitMix64 random = new SplitMix64(seed);
    byte[] rgb = new byte[3 * height * width];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) random.nextInt(256);
    }
    return new RgbImage(height, width, rgb);
  }

  private static Sample.Labelled sample(int seed, int height, int width, Image.Form form) {
    byte[] labels = new byte[height * width];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i / width % 5);
    }
    return new Sample.Labelled(
        "s",
        Image.of(pixels(seed, height, width), Normalisation.TORCHVISION, form),
        new LabelImage(height, width, labels));
  }

  /** Requires the same results, and says how many of them still have pixels. */
  private static int requireSame(Augmentation augmentation, Crop crop, Jitter jitter) {
    SampleChange change =
        new SampleChange(augmentation, crop, jitter, Normalisation.TORCHVISION, 3);
    int kept = 0;
    for (int position = 0; position < 20; position++) {
      Image expected = change.apply(sample(1, HEIGHT, WIDTH, Image.Form.VALUES), position).image();
      Image found = change.apply(sample(1, HEIGHT, WIDTH, Image.Form.PIXELS), position).image();
      assertThat(found.chw()).isEqualTo(expected.chw());
      kept += found.pixels().isPresent() ? 1 : 0;
    }
    return kept;
  }

  @ParameterizedTest
  @EnumSource(Normalisation.class)
  void anImageOfPixelsHasTheValuesOfOneOfValues(Normalisation normalisation) {
    RgbImage pixels = pixels(2, 33, 47);
    Image found = Resize.bicubicInput(pixels, 30, 20, normalisation, Image.Form.PIXELS);
    Image expected = Resize.bicubicInput(pixels, 30, 20, normalisation, Image.Form.VALUES);

    assertThat(found.pixels()).isPresent();
    assertThat(expected.pixels()).isEmpty();
    assertThat(found.chw()).isEqualTo(expected.chw());
    assertThat(found.toValues().chw()).isEqualTo(expected.chw());
    assertThat(found.toRgb(normalisation).rgb()).isEqualTo(expected.toRgb(normalisation).rgb());
  }

  @Test
  void mirroredAndCroppedImagesKeepPixelsAndOthersHaveTheSameValuesWithout() {
    Augmentation mirror = new Augmentation(true, 1, 1);
    Crop crop = new Crop(34, 32, 1, 0);
    Crop beyond = new Crop(60, 32, 1, 0);

    assertThat(requireSame(mirror, Crop.NONE, Jitter.NONE)).isEqualTo(20);
    assertThat(requireSame(mirror, crop, Jitter.NONE)).isEqualTo(20);
    assertThat(requireSame(mirror, beyond, Jitter.NONE)).isZero();
    assertThat(requireSame(new Augmentation(true, 0.5, 2), crop, Jitter.NONE)).isZero();
    assertThat(requireSame(mirror, crop, new Jitter(0.2, 0.2, 0.2, 1))).isZero();
  }

  @Test
  void anImagePastedOntoAnotherKeepsPixelsWhereBothHaveThem() {
    for (Image.Form source : Image.Form.values()) {
      for (Image.Form target : Image.Form.values()) {
        Image found = mixed(source, target);
        assertThat(found.chw()).isEqualTo(mixed(Image.Form.VALUES, Image.Form.VALUES).chw());
        assertThat(found.pixels().isPresent())
            .isEqualTo(source == Image.Form.PIXELS && target == Image.Form.PIXELS);
      }
    }
  }

  private static Image mixed(Image.Form source, Image.Form target) {
    Image onto = sample(4, HEIGHT, 36, target).image();
    float[] before = onto.chw().clone();
    ClassMix.Mixed mixed =
        ClassMix.mix(
            sample(5, 32, WIDTH, source), onto, new byte[HEIGHT * 36], 0, new SplitMix64(6));
    assertThat(mixed.pastedPixels()).isPositive();
    assertThat(Arrays.equals(onto.chw(), before)).isTrue();
    return mixed.image();
  }
}
