package org.adaptseg.report.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.RgbImage;
import org.junit.jupiter.api.Test;

/** Colours of pictures. */
class PictureTest {
  private static BufferedImage decode(Picture picture) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(picture.bytes()));
  }

  private static int rgb(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xFFFFFF;
  }

  @Test
  void labelsHaveTheColoursOfTheirClasses() throws IOException {
    LabelImage labels = new LabelImage(1, 3, new byte[] {0, 4, (byte) 255});

    BufferedImage image = decode(Picture.labels(labels, ResolvedData.labelSpace("synthetic-8")));

    assertThat(rgb(image, 0, 0)).isEqualTo(128 << 16 | 64 << 8 | 128);
    assertThat(rgb(image, 1, 0)).isEqualTo(70 << 16 | 130 << 8 | 180);
    assertThat(rgb(image, 2, 0)).isZero();
  }

  @Test
  void heatRisesFromDarkToLightAndIsClipped() throws IOException {
    BufferedImage image = decode(Picture.heat(new float[] {-1, 0, 0.25f, 0.5f, 1, 2}, 6, 1));

    assertThat(rgb(image, 0, 0)).isEqualTo(rgb(image, 1, 0)).isEqualTo(0x0b0924);
    assertThat(rgb(image, 4, 0)).isEqualTo(rgb(image, 5, 0)).isEqualTo(0xfcfdbf);
    for (int x = 1; x < 4; x++) {
      assertThat(luma(rgb(image, x, 0))).isLessThan(luma(rgb(image, x + 1, 0)));
    }
  }

  private static double luma(int rgb) {
    return 0.299 * (rgb >> 16 & 0xFF) + 0.587 * (rgb >> 8 & 0xFF) + 0.114 * (rgb & 0xFF);
  }

  @Test
  void aSmallPhotographKeepsEveryPixel() throws IOException {
    Picture picture = Picture.photo(new RgbImage(1, 2, new byte[] {1, 2, 3, (byte) 250, 5, 6}));

    assertThat(picture.format()).isEqualTo("png");
    assertThat(rgb(decode(picture), 0, 0)).isEqualTo(0x010203);
    assertThat(rgb(decode(picture), 1, 0)).isEqualTo(0xfa0506);
  }

  @Test
  void aLargePhotographIsAJpegOfItsSize() throws IOException {
    Picture picture = Picture.photo(new RgbImage(200, 300, new byte[3 * 200 * 300]));

    assertThat(picture.format()).isEqualTo("jpeg");
    assertThat(decode(picture).getWidth()).isEqualTo(300);
    assertThat(decode(picture).getHeight()).isEqualTo(200);
  }

  @Test
  void aDataUriHoldsTheFile() {
    Picture picture = new Picture("png", 1, 1, new byte[] {1, 2, 3});

    assertThat(picture.dataUri())
        .isEqualTo("data:image/png;base64," + Base64.getEncoder().encodeToString(picture.bytes()));
  }
}
