package org.adaptseg.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.adaptseg.config.Precision;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.engine.cuda.CudaEngine;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.ImitatedGpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What has the processor's bits on a GPU. Run by {@code CudaEngineTest}, in a process that has
 * CUDA's libraries.
 */
@ExtendWith(ImitatedGpu.class)
class CudaBits {
  private static Engine gpu() {
    return new CudaEngine(0, Precision.BFLOAT16);
  }

  /** Counts by both engines, and the classes of all pixels. */
  private static void requireEqual(CountedPixels pixels) {
    PixelCounting.Shape s = pixels.shape();
    try (Engine processor = new OneDnnEngine();
        Engine gpu = gpu();
        ArgMax expected = processor.argMax(s.logits(), s.height(), s.width(), s.alignCorners());
        ArgMax found = gpu.argMax(s.logits(), s.height(), s.width(), s.alignCorners())) {
      ConfusionMatrix counted = pixels.counted(processor);
      assertThat(counted.total()).isPositive();
      assertThat(pixels.counted(gpu)).isEqualTo(counted);
      assertThat(found.of(pixels.logits(gpu))).isEqualTo(expected.of(pixels.logits(processor)));
    }
  }

  /** Labels smaller and larger than maps and inputs, and of one row or column. */
  @ParameterizedTest
  @CsvSource({
    "2,1,5,9,33,65",
    "3,2,4,5,70,90",
    "19,1,9,17,41,130",
    "19,3,5,6,8,7",
    "4,1,1,5,6,37",
    "4,2,5,1,37,1",
    "7,1,1,1,5,3",
    "5,1,9,9,1,1",
    "64,1,3,4,12,20",
    "255,2,3,3,10,12"
  })
  void countsAndClassesOfEqualLogitsAreThoseOfTheProcessor(
      int classes, int images, int mapHeight, int mapWidth, int height, int width) {
    for (boolean corners : new boolean[] {true, false}) {
      requireEqual(
          CountedPixels.of(classes, images, mapHeight, mapWidth, height, width, corners, 3));
    }
  }

  /** Where classes are nearly equal and probabilities of all sizes. */
  @ParameterizedTest
  @ValueSource(floats = {0.01f, 1, 30, 300})
  void soAreThoseOfLogitsWithoutTies(float scale) {
    CountedPixels pixels = CountedPixels.of(19, 1, 17, 33, 64, 200, true, 4);
    float[] unit = GoldenTensors.unit("logits", 6, pixels.values().length);
    for (int i = 0; i < unit.length; i++) {
      pixels.values()[i] = scale * unit[i];
    }
    requireEqual(pixels);
  }

  @Test
  void soAreThoseOfLogitsThatAreNoNumbersOrInfinite() {
    CountedPixels pixels = CountedPixels.of(5, 1, 9, 9, 40, 40, true, 5);
    float[] odd = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, 1e38f};
    for (int i = 0; i < pixels.values().length; i += 11) {
      pixels.values()[i] = odd[i % odd.length];
    }
    requireEqual(pixels);
  }

  @ParameterizedTest
  @EnumSource(Normalisation.class)
  void pixelsBecomeTheValuesThatTheProcessorMakesOfThem(Normalisation normalisation) {
    byte[] rgb = new byte[3 * 9 * 31];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3 + i % 3 * 71); // all values in every channel
    }
    RgbImage pixels = new RgbImage(9, 31, rgb);
    Image image = Image.of(pixels, normalisation, Image.Form.PIXELS);
    try (Engine gpu = gpu()) {
      Tensor images = gpu.tensor(Tensor.Kind.IMAGE, new FeatureShape(2, 3, 9, 31));
      images.writeImage(1, image);
      float[] found = images.read();
      float[] expected = new float[found.length];
      System.arraycopy(image.chw(), 0, expected, rgb.length, rgb.length);
      assertThat(found).isEqualTo(expected);
      images.writeImage(0, image.toValues());
      assertThat(images.read()).startsWith(image.chw()).endsWith(image.chw());
      assertThatThrownBy(
              () ->
                  gpu.tensor(Tensor.Kind.IMAGE, new FeatureShape(1, 3, 9, 30)).writeImage(0, image))
          .hasMessageContaining("expected 810 values, found 837");
    }
  }

  @Test
  void pixelsThatAreAllIgnoredCountNothing() {
    CountedPixels pixels = CountedPixels.of(3, 1, 3, 3, 9, 9, true, 6);
    Arrays.fill(pixels.labels(), (byte) 255);
    try (Engine gpu = gpu()) {
      assertThat(pixels.counted(gpu)).isEqualTo(pixels.empty());
    }
  }

  /** A class more than can be counted, and the last that a byte can name. */
  @Test
  void classesOf256AreThoseOfTheProcessor() {
    FeatureShape shape = new FeatureShape(1, 256, 4, 4);
    float[] values = GoldenTensors.unit("logits", 7, 256 * 16);
    values[255] = 2;
    try (Engine processor = new OneDnnEngine();
        Engine gpu = gpu();
        ArgMax expected = processor.argMax(shape, 20, 20, true);
        ArgMax found = gpu.argMax(shape, 20, 20, true)) {
      Tensor there = processor.tensor(Tensor.Kind.LOGITS, shape);
      Tensor here = gpu.tensor(Tensor.Kind.LOGITS, shape);
      there.write(values);
      here.write(values);
      assertThat(found.of(here)).isEqualTo(expected.of(there)).contains((byte) 255);
    }
  }

  @Test
  void aLabelThatIsNoClassIsRefusedAndNothingIsCounted() {
    PixelCountingTest.requireRefusal(gpu());
  }
}
