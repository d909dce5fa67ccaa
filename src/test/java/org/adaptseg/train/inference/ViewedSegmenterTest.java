package org.adaptseg.train.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.Resize;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.data.prediction.PixelPrediction;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.training.Segmenter;
import org.adaptseg.train.inference.ViewedSegmenter.Wanted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewedSegmenterTest {
  private static final GeneratorArchitecture SMALL =
      new GeneratorArchitecture(List.of(1, 1, 1, 1), 4, 5, List.of(1, 2));
  private static final int WIDTH = 96;
  private static final int HEIGHT = 64;
  private static final Wanted ALL = new Wanted(true, true, List.of(0, 3));

  private static RgbImage image(int seed, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new Random(seed).nextBytes(rgb);
    // Large patches, which a resize leaves something of.
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          int patch = 3 * (y / 16 * 16 * width + x / 16 * 16) + c;
          rgb[3 * (y * width + x) + c] = rgb[patch];
        }
      }
    }
    return new RgbImage(height, width, rgb);
  }

  private static RgbImage mirrored(RgbImage image) {
    byte[] rgb = new byte[image.rgb().length];
    int width = image.width();
    for (int i = 0; i < image.height() * width; i++) {
      int from = i / width * width + width - 1 - i % width;
      System.arraycopy(image.rgb(), 3 * from, rgb, 3 * i, 3);
    }
    return new RgbImage(image.height(), width, rgb);
  }

  private static Segmenter network() {
    return new Segmenter(SMALL, 7, Arithmetic.FLOAT32);
  }

  private static PixelPrediction predict(RgbImage image, Views views, int height, int width) {
    try (ViewedSegmenter segmenter = new ViewedSegmenter(ViewedSegmenterTest::network, views)) {
      return segmenter.predict(
          ScaledImage.of(image, WIDTH, HEIGHT, views, Normalisation.CAFFE, Image.Form.VALUES),
          height,
          width,
          ALL);
    }
  }

  private static Views windows(int width, int height, int strideX, int strideY) {
    return new Views(List.of(1.0), false, new Views.Window(width, height, strideX, strideY), false);
  }

  @Test
  void oneWindowOfTheWholeImageGivesTheBitsOfTrainingsEvaluation() {
    RgbImage image = image(1, 150, 110);
    Image input = Resize.bicubicInput(image, WIDTH, HEIGHT, Normalisation.CAFFE);
    byte[] expected;
    try (Segmenter network = network()) {
      expected = network.predict(input, 110, 150);
    }
    PixelPrediction plain = predict(image, Views.PLAIN, 110, 150);
    assertThat(plain.classes().values()).isEqualTo(expected);
    for (Views views : List.of(windows(WIDTH, HEIGHT, 7, 9), windows(4000, 64, 4000, 1))) {
      PixelPrediction seen = predict(image, views, 110, 150);
      assertThat(seen.classes().values()).isEqualTo(expected);
      assertThat(seen.probability()).isEqualTo(plain.probability());
      assertThat(seen.entropy()).isEqualTo(plain.entropy());
      assertThat(seen.halves().get(1)).isEqualTo(plain.halves().get(1));
    }
  }

  @Test
  void everyFourthRowIsTheOneOfAllRows() {
    RgbImage image = image(6, WIDTH, HEIGHT);
    for (Views views : List.of(Views.PLAIN, new Views(List.of(1.0), true, null, false))) {
      PixelPrediction all = predict(image, views, 30, 50);
      try (ViewedSegmenter segmenter = new ViewedSegmenter(ViewedSegmenterTest::network, views)) {
        PixelPrediction some =
            segmenter.predict(
                ScaledImage.of(image, WIDTH, HEIGHT, views, Normalisation.CAFFE, Image.Form.VALUES),
                30,
                50,
                Wanted.CALIBRATION);
        assertThat(some.classes().values()).isEqualTo(all.classes().values());
        for (int i = 0; i < 30 * 50; i++) {
          Float expected = i / 50 % 4 == 0 ? all.probability()[i] : Float.NaN;
          assertThat(Float.valueOf(some.probability()[i])).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void aFlippedImageGivesTheFlippedResult() {
    Views views = new Views(List.of(0.5, 1.0, 1.5), true, null, true);
    RgbImage image = image(2, WIDTH, HEIGHT);

    PixelPrediction found = predict(image, views, HEIGHT, WIDTH);
    PixelPrediction other = predict(mirrored(image), views, HEIGHT, WIDTH);

    assertThat(IntStream.range(0, HEIGHT * WIDTH).map(i -> found.classes().values()[i]).distinct())
        .hasSizeGreaterThan(1);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int at = y * WIDTH + x;
        int mirror = y * WIDTH + WIDTH - 1 - x;
        assertThat(other.probability()[mirror]).isCloseTo(found.probability()[at], within(2e-3f));
      }
    }
  }

  @Test
  void aFlippedImageGivesTheFlippedBitsAtOneScale() {
    Views views = new Views(List.of(1.0), true, null, true);
    RgbImage image = image(2, WIDTH, HEIGHT);

    PixelPrediction found = predict(image, views, HEIGHT, WIDTH);
    PixelPrediction other = predict(mirrored(image), views, HEIGHT, WIDTH);

    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int at = y * WIDTH + x;
        int mirror = y * WIDTH + WIDTH - 1 - x;
        assertThat(other.classes().values()[mirror]).isEqualTo(found.classes().values()[at]);
        assertThat(other.probability()[mirror]).isEqualTo(found.probability()[at]);
        assertThat(other.entropy()[mirror]).isEqualTo(found.entropy()[at]);
      }
    }
  }

  @Test
  void aNetworkThatSaysTheSameEverywhereDoesSoThroughWindows() {
    Views views = new Views(List.of(0.7, 1.0), true, new Views.Window(40, 33, 30, 20), false);
    try (ViewedSegmenter segmenter =
        new ViewedSegmenter(() -> new Segmenter(SMALL, new float[parameters()]), views)) {
      PixelPrediction found =
          segmenter.predict(
              ScaledImage.of(
                  image(3, 120, 90), WIDTH, HEIGHT, views, Normalisation.CAFFE, Image.Form.VALUES),
              90,
              120,
              ALL);
      for (int i = 0; i < 90 * 120; i++) {
        assertThat(found.classes().values()[i]).isZero();
        assertThat(found.probability()[i]).isCloseTo(0.2f, within(1e-6f));
        assertThat(found.entropy()[i]).isCloseTo(1, within(1e-6f));
      }
    }
  }

  private static int parameters() {
    return Generator.slices(SMALL).stream()
        .mapToInt(s -> Math.toIntExact(s.offset() + s.length()))
        .max()
        .orElseThrow();
  }

  @Test
  void theMostLikelyClassIsTheOneWithTheHighestMeanOfProbabilities() {
    RgbImage image = image(4, WIDTH, HEIGHT);
    Views flip = new Views(List.of(1.0), true, null, false);
    Wanted planes = new Wanted(true, false, List.of(0, 1, 2, 3, 4));
    try (ViewedSegmenter segmenter = new ViewedSegmenter(ViewedSegmenterTest::network, flip)) {
      PixelPrediction found =
          segmenter.predict(
              ScaledImage.of(image, WIDTH, HEIGHT, flip, Normalisation.CAFFE, Image.Form.VALUES),
              64,
              96,
              planes);
      for (int i = 0; i < 64 * 96; i++) {
        float best = half(found.halves().get(found.classes().values()[i]), i);
        for (byte[] plane : found.halves()) {
          assertThat(half(plane, i)).isLessThanOrEqualTo(best);
        }
        assertThat(found.probability()[i]).isCloseTo(best, within(1e-3f));
      }
    }
  }

  private static float half(byte[] plane, int i) {
    int bits = plane[2 * i] & 0xFF | (plane[2 * i + 1] & 0xFF) << 8;
    int exponent = bits >> 10;
    int fraction = bits & 0x3FF;
    return exponent == 0
        ? fraction * 0x1p-24f
        : (float) ((1024 + fraction) * Math.pow(2, exponent - 25));
  }

  @Test
  void imagesOfManySizesAreSeenOneAfterTheOther() {
    Views views = new Views(List.of(1.0), false, null, true);
    try (ViewedSegmenter segmenter = new ViewedSegmenter(ViewedSegmenterTest::network, views)) {
      for (int width = 40; width < 110; width += 9) {
        RgbImage image = image(width, width, 40);
        PixelPrediction found =
            segmenter.predict(
                ScaledImage.of(image, WIDTH, HEIGHT, views, Normalisation.CAFFE, Image.Form.VALUES),
                40,
                width,
                ALL);
        assertThat(found.classes().values())
            .isEqualTo(predict(image, views, 40, width).classes().values());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 8, 16, 17, 31})
  void windowsCoverEveryPixel(int side) {
    for (int window = 1; window <= side; window++) {
      for (int stride = 1; stride <= window; stride++) {
        boolean[] covered = new boolean[side];
        for (int start : Views.starts(side, window, stride)) {
          assertThat(start + window).isLessThanOrEqualTo(side);
          java.util.Arrays.fill(covered, start, start + window, true);
        }
        assertThat(covered).doesNotContain(false);
      }
    }
    assertThat(Views.starts(10, 4, 3)).containsExactly(0, 3, 6);
    assertThat(Views.starts(11, 4, 3)).containsExactly(0, 3, 6, 7);
    assertThat(Views.starts(4, 4, 1)).containsExactly(0);
  }

  @Test
  void aMirroredWindowIsAWindowOfTheMirroredImage() {
    RgbImage image = image(5, WIDTH, HEIGHT);
    Views views = windows(40, 30, 28, 17);
    ScaledImage upright =
        ScaledImage.of(image, WIDTH, HEIGHT, views, Normalisation.CAFFE, Image.Form.VALUES).get(0);
    ScaledImage other =
        ScaledImage.of(
                mirrored(image), WIDTH, HEIGHT, views, Normalisation.CAFFE, Image.Form.VALUES)
            .get(0);
    assertThat(upright.places()).hasSize(9);
    for (ScaledImage.Place place : upright.places()) {
      assertThat(upright.input(place, true).chw()).isEqualTo(other.input(place, false).chw());
    }
  }

  @Test
  void inputsOfPixelsHaveTheValuesOfOthers() {
    RgbImage image = image(5, 90, 70);
    for (Views views :
        List.of(new Views(List.of(1.0), true, null, false), windows(40, 30, 28, 17))) {
      ScaledImage expected = scaled(image, views, Image.Form.VALUES);
      ScaledImage found = scaled(image, views, Image.Form.PIXELS);
      for (ScaledImage.Place place : expected.places()) {
        for (boolean mirrored : new boolean[] {false, true}) {
          Image input = found.input(place, mirrored);
          assertThat(input.pixels()).isPresent();
          assertThat(input.chw()).isEqualTo(expected.input(place, mirrored).chw());
        }
      }
    }
  }

  private static ScaledImage scaled(RgbImage image, Views views, Image.Form form) {
    return ScaledImage.of(image, WIDTH, HEIGHT, views, Normalisation.CAFFE, form).get(0);
  }

  @Test
  void whatCannotBeLookedAtIsRefused() {
    assertThatThrownBy(() -> new Views(List.of(), false, null, false))
        .hasMessageContaining("expected scales from 0.1 to 10, found []");
    assertThatThrownBy(() -> new Views(List.of(1.0, 11.0), false, null, false))
        .hasMessageContaining("found [1.0, 11.0]");
    assertThatThrownBy(() -> windows(64, 32, 65, 8))
        .hasMessageContaining("expected a stride from 1x1 to the window's 64x32, found 65x8");
  }
}
