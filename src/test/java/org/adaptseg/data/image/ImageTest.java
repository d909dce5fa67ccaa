package org.adaptseg.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageTest {
  @Test
  void channelsAreBlueGreenRedLessTheirMeans() {
    Image image =
        Image.of(new RgbImage(1, 2, new byte[] {1, 2, 3, (byte) 255, 0, 0}), Normalisation.CAFFE);
    assertThat(image.chw())
        .containsExactly(
            3 - 104.00698793f,
            0 - 104.00698793f,
            2 - 116.66876762f,
            0 - 116.66876762f,
            1 - 122.67891434f,
            255 - 122.67891434f);
  }

  @Test
  void torchvisionsChannelsAreRedGreenBlueInDeviationsFromTheirMeans() {
    Image image =
        Image.of(
            new RgbImage(1, 2, new byte[] {1, 2, 3, (byte) 255, 0, 51}), Normalisation.TORCHVISION);
    double[] expected = {
      (1 / 255.0 - 0.485) / 0.229,
      (1 - 0.485) / 0.229,
      (2 / 255.0 - 0.456) / 0.224,
      -0.456 / 0.224,
      (3 / 255.0 - 0.406) / 0.225,
      (0.2 - 0.406) / 0.225
    };
    for (int i = 0; i < expected.length; i++) {
      assertThat(image.chw()[i]).isCloseTo((float) expected[i], within(1e-6f));
    }
  }

  @ParameterizedTest
  @EnumSource
  void thePixelsComeBack(Normalisation normalisation) {
    byte[] rgb = new byte[3 * 256];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3 + i % 3);
    }
    Image image = Image.of(new RgbImage(16, 16, rgb), normalisation);
    assertThat(image.toRgb(normalisation).rgb()).isEqualTo(rgb);
  }

  @Test
  void anArrayOfAnotherLengthIsRefused() {
    assertThatThrownBy(() -> new Image(2, 2, new float[11]))
        .hasMessageContaining("expected 2x2x3 values")
        .hasMessageContaining("found 11");
  }

  @Test
  void labelsOfAnotherSizeAreRefused() {
    Image image = new Image(1, 2, new float[6]);
    LabelImage labels = new LabelImage(2, 1, new byte[2]);
    assertThatThrownBy(() -> new Sample.Labelled("a", image, labels))
        .hasMessageContaining("expected labels of 2x1, found 1x2 (a)");
  }
}
