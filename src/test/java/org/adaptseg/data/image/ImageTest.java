package org.adaptseg.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.adaptseg.data.Sample;
import org.junit.jupiter.api.Test;

class ImageTest {
  @Test
  void channelsAreBlueGreenRedLessTheirMeans() {
    Image image = Image.of(new RgbImage(1, 2, new byte[] {1, 2, 3, (byte) 255, 0, 0}));
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
  void thePixelsComeBack() {
    byte[] rgb = {0, 127, (byte) 255, 9, 8, 7};
    assertThat(Image.of(new RgbImage(2, 1, rgb)).toRgb().rgb()).isEqualTo(rgb);
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
