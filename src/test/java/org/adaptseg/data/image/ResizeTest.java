package org.adaptseg.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.testing.GoldenTensors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResizeTest {
  private static final ImageDecoder DECODER = new ImageDecoder(10_000_000);
  private static final Pattern SIZE = Pattern.compile(".*-(\\d+)x(\\d+)\\.png");

  static Stream<Path> bicubicFiles() {
    return GoldenTensors.files("resize-bicubic-*.png").stream();
  }

  static Stream<Path> nearestFiles() {
    return GoldenTensors.files("resize-nearest-*.png").stream();
  }

  @Tag("golden")
  @ParameterizedTest
  @MethodSource("bicubicFiles")
  void bicubicEqualsPillow(Path golden) throws IOException {
    RgbImage source = image(GoldenTensors.directory().resolve("resize-source.png"));
    byte[] expected = image(golden).rgb();
    byte[] actual = Resize.bicubic(source, side(golden, 1), side(golden, 2)).rgb();

    assertThat(actual).hasSameSizeAs(expected);
    int different = 0;
    for (int i = 0; i < expected.length; i++) {
      int difference = Math.abs((actual[i] & 0xFF) - (expected[i] & 0xFF));
      assertThat(difference).as("value %d", i).isLessThanOrEqualTo(1);
      different += difference;
    }
    assertThat(different).isLessThanOrEqualTo(expected.length / 1000);
  }

  @Tag("golden")
  @ParameterizedTest
  @MethodSource("nearestFiles")
  void nearestEqualsPillow(Path golden) throws IOException {
    LabelImage source = labels(GoldenTensors.directory().resolve("resize-labels.png"));

    LabelImage actual = Resize.nearest(source, side(golden, 1), side(golden, 2));

    assertThat(actual.values()).isEqualTo(labels(golden).values());
  }

  @Test
  void halvingASingleRowWeighsFourTimesTheSupport() {
    // Pillow 9.4: Image.new("RGB", (4, 1)), R = 0, 0, 255, 255, resized to (2, 1), BICUBIC.
    // Output 0: centre 1, weights of distances .25 .25 .75 at half scale, normalised without the
    // samples outside: cubic(.25)=.8671875, cubic(.25), cubic(.75)=.2265625, cubic(1.25)=-.0703125
    byte[] rgb = new byte[12];
    rgb[6] = (byte) 255;
    rgb[9] = (byte) 255;
    RgbImage small = Resize.bicubic(new RgbImage(1, 4, rgb), 2, 1);
    // 255 * (.2265625 - .0703125) / (2 * .8671875 + .2265625 - .0703125) = 21.07
    assertThat(small.rgb()[0] & 0xFF).isEqualTo(21);
    assertThat(small.rgb()[3] & 0xFF).isEqualTo(255 - 21);
    assertThat(small.rgb()[1]).isZero();
  }

  @Test
  void theInputOfTheNetworkIsThatOfThePixels() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 200; i++) {
      byte[] rgb = new byte[3 * random.nextInt(1, 40) * 11];
      random.nextBytes(rgb);
      RgbImage image = new RgbImage(rgb.length / 33, 11, rgb);
      int width = random.nextInt(1, 40);
      int height = random.nextInt(1, 40);
      Normalisation normalisation = Normalisation.values()[i % 2];
      assertThat(Resize.bicubicInput(image, width, height, normalisation).chw())
          .as("%dx%d", width, height)
          .isEqualTo(Image.of(Resize.bicubic(image, width, height), normalisation).chw());
    }
  }

  @Test
  void everyValueIsTheSumOfItsWeightedNeighbours() {
    SplittableRandom random = new SplittableRandom(4);
    for (int[] sizes : new int[][] {{19, 10}, {20, 10}, {50, 9}, {7, 30}, {9, 9}, {1, 5}, {5, 1}}) {
      byte[] rgb = new byte[3 * sizes[0] * sizes[0]];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (byte) (random.nextBoolean() ? 255 * random.nextInt(2) : random.nextInt(256));
      }
      RgbImage image = new RgbImage(sizes[0], sizes[0], rgb);
      for (int height : new int[] {sizes[0], sizes[1]}) {
        RgbImage across = byDefinition(image, sizes[1], false);
        RgbImage expected = byDefinition(across, height, true);
        assertThat(Resize.bicubic(image, sizes[1], height).rgb())
            .as("%d to %dx%d", sizes[0], sizes[1], height)
            .isEqualTo(expected.rgb());
      }
    }
  }

  /** One pass, value by value: fixed point of 22 bits, rounded and clipped. */
  private static RgbImage byDefinition(RgbImage image, int size, boolean down) {
    int width = down ? image.width() : size;
    int height = down ? size : image.height();
    double scale = (double) (down ? image.height() : image.width()) / size;
    double stretch = Math.max(1, scale);
    byte[] out = new byte[3 * width * height];
    for (int i = 0; i < out.length; i++) {
      int c = i % 3;
      int x = i / 3 % width;
      int y = i / 3 / width;
      double centre = ((down ? y : x) + 0.5) * scale;
      int low = Math.max(0, (int) (centre - 2 * stretch + 0.5));
      int high = (int) (centre + 2 * stretch + 0.5);
      high = Math.min(down ? image.height() : image.width(), high);
      double[] weights = new double[high - low];
      for (int k = low; k < high; k++) {
        weights[k - low] = cubic((k - centre + 0.5) * (1 / stretch));
      }
      double total = 0;
      for (double weight : weights) {
        total += weight;
      }
      long sum = 1 << 21;
      for (int k = low; k < high; k++) {
        double weight = weights[k - low] / total * (1 << 22);
        int at = down ? 3 * (k * width + x) + c : 3 * (y * image.width() + k) + c;
        sum += (long) (weight < 0 ? weight - 0.5 : weight + 0.5) * (image.rgb()[at] & 0xFF);
      }
      out[i] = (byte) Math.max(0, Math.min(255, sum >> 22));
    }
    return new RgbImage(height, width, out);
  }

  /** Keys' kernel with a = -0.5. */
  private static double cubic(double at) {
    double x = Math.abs(at);
    if (x < 1) {
      return ((-0.5 + 2) * x - (-0.5 + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0;
  }

  @Test
  void anImageOfTheAskedSizeIsNotTouched() {
    RgbImage image = new RgbImage(1, 2, new byte[] {1, 2, 3, 4, 5, 6});
    assertThat(Resize.bicubic(image, 2, 1)).isSameAs(image);
  }

  @Test
  void overshootIsClippedToTheRangeOfPixels() {
    byte[] rgb = new byte[3 * 8];
    for (int i = 12; i < 24; i++) {
      rgb[i] = (byte) 255;
    }
    byte[] large = Resize.bicubic(new RgbImage(1, 8, rgb), 32, 1).rgb();
    int previous = 0;
    for (int x = 0; x < 32; x++) { // without clipping, the over- and undershoot would wrap around
      int value = large[3 * x] & 0xFF;
      assertThat(value).isGreaterThanOrEqualTo(previous);
      previous = value;
    }
  }

  @Test
  void anEmptySizeIsRefused() {
    RgbImage image = new RgbImage(1, 1, new byte[3]);
    assertThatThrownBy(() -> Resize.bicubic(image, 0, 1)).hasMessageContaining("found 0x1");
  }

  private static int side(Path file, int group) {
    Matcher matcher = SIZE.matcher(file.getFileName().toString());
    assertThat(matcher.matches()).isTrue();
    return Integer.parseInt(matcher.group(group));
  }

  private static RgbImage image(Path file) throws IOException {
    return DECODER.image(Files.readAllBytes(file), file.toString());
  }

  private static LabelImage labels(Path file) throws IOException {
    RawLabels raw = DECODER.labels(Files.readAllBytes(file), file.toString());
    byte[] values = new byte[raw.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) raw.values()[i];
    }
    return new LabelImage(raw.height(), raw.width(), values);
  }
}
