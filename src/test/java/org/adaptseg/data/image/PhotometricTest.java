package org.adaptseg.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.adaptseg.config.data.Jitter;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.image.Photometric.Part;
import org.adaptseg.data.random.SplitMix64;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PhotometricTest {
  private static final long SEED = 5;
  private static final Offset<Float> CLOSE = within(0.02f);

  /** Two pixels: (200, 100, 50), of grey 124.18, and (0, 10, 20), of grey 8.15. */
  private static Image two(Normalisation normalisation) {
    byte[] rgb = {(byte) 200, 100, 50, 0, 10, 20};
    return Image.of(new RgbImage(1, 2, rgb), normalisation);
  }

  private static final float FIRST_GREY = 0.2989f * 200 + 0.587f * 100 + 0.114f * 50;
  private static final float SECOND_GREY = 0.587f * 10 + 0.114f * 20;

  /** Values in the order of R, G, B whatever the normalisation. */
  private static float[] values(Image image, Normalisation normalisation) {
    InputChannels channels = InputChannels.of(normalisation);
    float[] values = new float[image.chw().length];
    int area = image.height() * image.width();
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < area; i++) {
        values[i * 3 + channels.of(c)] =
            image.chw()[c * area + i] / channels.scale(c) + channels.mean(c);
      }
    }
    return values;
  }

  private static float[] jitter(Jitter strength, Normalisation normalisation) {
    Image image = two(normalisation);
    return values(
        Photometric.jitter(image, Part.all(image), strength, normalisation, new SplitMix64(SEED)),
        normalisation);
  }

  /** The factor that the sequence gives the step of this number with strength 0.5. */
  private static float factor(int step) {
    SplitMix64 random = new SplitMix64(SEED);
    for (int i = 0; i < step; i++) {
      random.nextDouble();
    }
    return (float) random.uniform(0.5, 1.5);
  }

  private static void require(float[] found, float... expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i])
          .as("value %d", i)
          .isCloseTo(Math.max(0, Math.min(255, expected[i])), CLOSE);
    }
  }

  @ParameterizedTest
  @EnumSource(Normalisation.class)
  void brightnessMultipliesEveryValue(Normalisation normalisation) {
    float f = factor(0);
    assertThat(f).isBetween(0.5f, 1.5f);
    require(
        jitter(new Jitter(0.5, 0, 0, 0), normalisation),
        f * 200,
        f * 100,
        f * 50,
        0,
        f * 10,
        f * 20);
  }

  @ParameterizedTest
  @EnumSource(Normalisation.class)
  void contrastBlendsWithTheMeanGrey(Normalisation normalisation) {
    float f = factor(1);
    float mean = (1 - f) * (FIRST_GREY + SECOND_GREY) / 2;
    require(
        jitter(new Jitter(0, 0.5, 0, 0), normalisation),
        f * 200 + mean,
        f * 100 + mean,
        f * 50 + mean,
        mean,
        f * 10 + mean,
        f * 20 + mean);
  }

  @ParameterizedTest
  @EnumSource(Normalisation.class)
  void saturationBlendsWithEachPixelsGrey(Normalisation normalisation) {
    float f = factor(2);
    float one = (1 - f) * FIRST_GREY;
    float two = (1 - f) * SECOND_GREY;
    require(
        jitter(new Jitter(0, 0, 0.5, 0), normalisation),
        f * 200 + one,
        f * 100 + one,
        f * 50 + one,
        two,
        f * 10 + two,
        f * 20 + two);
  }

  @Test
  void theOrderOfTheThreeIsDrawnAndEachCutsOff() {
    Set<Integer> results = new HashSet<>();
    for (long seed = 0; seed < 400; seed++) {
      Image image = two(Normalisation.CAFFE);
      Jitter strong = new Jitter(1, 1, 1, 0);
      Image found =
          Photometric.jitter(
              image, Part.all(image), strong, Normalisation.CAFFE, new SplitMix64(seed));
      for (float value : values(found, Normalisation.CAFFE)) {
        assertThat(value).isBetween(-0.01f, 255.01f);
      }
      SplitMix64 random = new SplitMix64(seed);
      float[] factors = new float[3];
      for (int i = 0; i < 3; i++) {
        factors[i] = (float) random.uniform(0, 2);
      }
      results.add(order(values(found, Normalisation.CAFFE), factors));
    }
    // All six; -1 where two orders have one result.
    assertThat(results).contains(0, 1, 2, 3, 4, 5);
  }

  private static final int[][] ORDERS = {
    {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}
  };

  private static int order(float[] found, float[] factors) {
    int order = -1;
    for (int k = 0; k < ORDERS.length; k++) {
      float[] v = {200, 100, 50, 0, 10, 20};
      for (int step : ORDERS[k]) {
        float f = factors[step];
        float[] grey = {grey(v, 0), grey(v, 3)};
        for (int i = 0; i < 6; i++) {
          float added =
              step == 0 ? 0 : (1 - f) * (step == 1 ? (grey[0] + grey[1]) / 2 : grey[i / 3]);
          v[i] = Math.max(0, Math.min(255, f * v[i] + added));
        }
      }
      boolean same = true;
      for (int i = 0; i < 6; i++) {
        same &= Math.abs(v[i] - found[i]) < 0.02;
      }
      if (same) {
        order = order == -1 ? k : -2;
      }
    }
    assertThat(order).as("no order gives this").isNotEqualTo(-1);
    return order;
  }

  private static float grey(float[] v, int at) {
    return 0.2989f * v[at] + 0.587f * v[at + 1] + 0.114f * v[at + 2];
  }

  @Test
  void theKernelIsAGaussianCutOffAtThreeDeviations() {
    // exp(-i^2/2) = 1, 0.606531, 0.135335, 0.011109 over 2.505949.
    float[] expected = {0.399050f, 0.242036f, 0.054006f, 0.004433f};
    float[] kernel = Photometric.kernel(1);
    assertThat(kernel).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(kernel[i]).isCloseTo(expected[i], within(1e-6f));
    }
    assertThat(Photometric.kernel(Jitter.LEAST_BLUR)[0]).isEqualTo(1);
  }

  @Test
  void aPointIsBlurredToTheProductOfTwoKernelsAndBordersReflect() {
    int size = 33;
    byte[] rgb = new byte[3 * size * size];
    int[] points = {16 * size + 16, 1};
    for (int point : points) {
      rgb[3 * point] = (byte) 200; // red alone
    }
    Image image = Image.of(new RgbImage(size, size, rgb), Normalisation.CAFFE);
    double deviation = blur();
    float[] kernel = Photometric.kernel(deviation);
    assertThat(kernel.length).isBetween(3, 7);
    float[] found =
        values(
            Photometric.jitter(
                image,
                Part.all(image),
                new Jitter(0, 0, 0, 2),
                Normalisation.CAFFE,
                new SplitMix64(SEED)),
            Normalisation.CAFFE);
    assertThat(found[3 * points[0]]).isCloseTo(200 * kernel[0] * kernel[0], CLOSE);
    assertThat(found[3 * (15 * size + 18)]).isCloseTo(200 * kernel[1] * kernel[2], CLOSE);
    // The point beside the corner: its column is met once more left of the border, its row is not.
    assertThat(found[0]).isCloseTo(200 * 2 * kernel[1] * kernel[0], CLOSE);
    assertThat(found[3 * (size + 1)]).isCloseTo(200 * (kernel[0] + kernel[2]) * kernel[1], CLOSE);
    for (int i = 0; i < size * size; i++) {
      assertThat(found[3 * i + 1]).isCloseTo(0, CLOSE);
    }
  }

  /** The deviation that the sequence gives with a largest one of 2: behind factors and order. */
  private static double blur() {
    SplitMix64 random = new SplitMix64(SEED);
    for (int i = 0; i < 3; i++) {
      random.nextDouble();
    }
    random.nextInt(3);
    random.nextInt(2);
    return random.uniform(0.1, 2);
  }

  @Test
  void whatIsOutsideOfThePartStaysAndTheGivenImageDoes() {
    byte[] rgb = new byte[3 * 4 * 4];
    java.util.Arrays.fill(rgb, (byte) 90);
    Image image = Image.of(new RgbImage(4, 4, rgb), Normalisation.CAFFE);
    float[] before = image.chw().clone();
    Part part = new Part(1, 2, 2, 1);
    Image found =
        Photometric.jitter(
            image, part, new Jitter(0.5, 0, 0, 3), Normalisation.CAFFE, new SplitMix64(SEED));

    assertThat(image.chw()).isEqualTo(before);
    for (int i = 0; i < before.length; i++) {
      boolean inside = i % 4 == 2 && (i / 4 % 4 == 1 || i / 4 % 4 == 2);
      if (inside) {
        assertThat(found.chw()[i] - before[i]).isCloseTo(90 * (factor(0) - 1), CLOSE);
      } else {
        assertThat(found.chw()[i]).isEqualTo(before[i]);
      }
    }
  }
}
