package org.adaptseg.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ImageDecoderTest {
  private static final ImageDecoder DECODER = new ImageDecoder(1000);

  @Test
  void coloursOfAnRgbPngAreItsSamples() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_3BYTE_BGR);
    image.setRGB(0, 0, 0x010203);
    image.setRGB(1, 0, 0xFFFEFD);
    assertThat(DECODER.image(png(image), "a.png").rgb())
        .isEqualTo(new byte[] {1, 2, 3, -1, -2, -3});
  }

  @Test
  void greyValuesAreNotColourManaged() throws IOException {
    // getRGB would return 188 for a linear grey of 128.
    byte[] file = png(grey(10, 128));
    assertThat(DECODER.image(file, "g.png").rgb())
        .isEqualTo(new byte[] {10, 10, 10, -128, -128, -128});
    assertThat(DECODER.labels(file, "g.png").values()).containsExactly((char) 10, (char) 128);
  }

  @Test
  void aPaletteGivesColoursToImagesAndIndicesToLabels() throws IOException {
    byte[] red = {0, 100, (byte) 200};
    byte[] zero = new byte[3];
    IndexColorModel palette = new IndexColorModel(8, 3, red, zero, zero);
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
    image.getRaster().setSample(0, 0, 0, 2);
    image.getRaster().setSample(1, 0, 0, 1);
    assertThat(DECODER.labels(png(image), "p.png").values()).containsExactly((char) 2, (char) 1);
    assertThat(DECODER.image(png(image), "p.png").rgb())
        .isEqualTo(new byte[] {(byte) 200, 0, 0, 100, 0, 0});
  }

  @Test
  void labelsOfSixteenBitsKeepAllBitsOfTheFirstChannel() throws IOException {
    byte[] file = png(deep(3, 2, 1, new int[] {259, 7, 9, 65_535, 7, 9}));
    assertThat(DECODER.labels(file, new LabelReading.FirstChannel(), "l.png").values())
        .containsExactly((char) 259, (char) 65_535);
  }

  @Test
  void imagesOfSixteenBitsKeepTheUpperEight() throws IOException {
    byte[] file = png(deep(3, 1, 1, new int[] {0x1234, 0xFF00, 0x00FF}));
    assertThat(DECODER.image(file, "i.png").rgb()).isEqualTo(new byte[] {0x12, -1, 0});
  }

  @Test
  void alphaIsDroppedNotBlended() throws IOException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_4BYTE_ABGR);
    image.setRGB(0, 0, 0x20_0A_14_1E);
    assertThat(DECODER.image(png(image), "a.png").rgb()).isEqualTo(new byte[] {10, 20, 30});
  }

  @Test
  void aJpegIsDecodedToAboutItsColours() throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < 256; i++) {
      image.setRGB(i % 16, i / 16, 0xC86432);
    }
    RgbImage decoded = DECODER.image(encode(image, "jpg"), "a.jpg");
    assertThat(decoded.rgb()[0] & 0xFF).isCloseTo(0xC8, within(3));
    assertThat(decoded.rgb()[1] & 0xFF).isCloseTo(0x64, within(3));
    assertThat(decoded.rgb()[2] & 0xFF).isCloseTo(0x32, within(3));
  }

  @Test
  void aHugeHeaderIsRefusedBeforeAnythingOfItsSizeIsAllocated() {
    byte[] file = png(grey(1, 2));
    ByteBuffer.wrap(file).putInt(16, 60_000).putInt(20, 60_000);
    CRC32 crc = new CRC32();
    crc.update(file, 12, 17);
    ByteBuffer.wrap(file).putInt(29, (int) crc.getValue());
    assertThatThrownBy(() -> DECODER.image(file, "huge.png"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("where data.max-pixels allows 1000 pixels")
        .hasMessageContaining("60000x60000")
        .hasMessageContaining("huge.png");
  }

  @Test
  void whatIsNoImageIsRefusedByName() {
    byte[] text = "not an image at all".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThatThrownBy(() -> DECODER.image(text, "notes.png"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected PNG or JPEG")
        .hasMessageContaining("notes.png");
    assertThatThrownBy(() -> DECODER.labels(new byte[0], "empty.png"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("empty.png");
  }

  @Test
  void otherImageFormatsAreRefused() {
    assertThatThrownBy(() -> DECODER.image(encode(grey(1, 2), "bmp"), "a.bmp"))
        .hasMessageContaining("expected PNG or JPEG");
  }

  @Test
  void aTruncatedFileIsRefused() {
    BufferedImage image = new BufferedImage(30, 30, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < 900; i++) {
      image.setRGB(i % 30, i / 30, i * 7919 & 0xFFFFFF);
    }
    for (String format : new String[] {"png", "jpg"}) {
      byte[] whole = encode(image, format);
      byte[] half = Arrays.copyOf(whole, whole.length * 3 / 4);
      assertThatThrownBy(() -> DECODER.image(half, "half." + format))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("half." + format);
    }
  }

  @Test
  void theHeaderAloneGivesTheSize() throws IOException {
    byte[] file = png(new BufferedImage(12, 7, BufferedImage.TYPE_3BYTE_BGR));
    assertThat(DECODER.size(Arrays.copyOf(file, 40), "a.png"))
        .isEqualTo(new ImageDecoder.Size(12, 7));
  }

  private static BufferedImage grey(int... values) {
    BufferedImage image = new BufferedImage(values.length, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setPixels(0, 0, values.length, 1, values);
    return image;
  }

  private static BufferedImage deep(int channels, int width, int height, int[] samples) {
    ColorModel colours =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            ColorModel.OPAQUE,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, width, height, channels, null);
    raster.setPixels(0, 0, width, height, samples);
    return new BufferedImage(colours, raster, false, null);
  }

  private static byte[] png(BufferedImage image) {
    return encode(image, "png");
  }

  private static byte[] encode(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      assertThat(ImageIO.write(image, format, bytes)).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
