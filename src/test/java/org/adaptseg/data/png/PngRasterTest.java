package org.adaptseg.data.png;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.adaptseg.data.image.ImageDecoder;
import org.adaptseg.data.image.LabelReading;
import org.adaptseg.testing.PngChunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files are made here, byte by byte, and read by Java's reader too. */
class PngRasterTest {
  private static final int MAX_PIXELS = 10_000;
  private static final ImageDecoder DECODER = new ImageDecoder(MAX_PIXELS);
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int GREY = 0;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int GREY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;

  /** Every row another filter. */
  private static final int MIXED = 5;

  /** A kind of file: the numbers are those of its header. */
  record Kind(int colourType, int bits) {
    int channels() {
      return switch (colourType) {
        case RGB -> 3;
        case GREY_ALPHA -> 2;
        case RGB_ALPHA -> 4;
        default -> 1;
      };
    }

    int pixelBytes() {
      return channels() * bits / 8;
    }
  }

  static List<Kind> wholeBytes() {
    return List.of(
        new Kind(GREY, 8),
        new Kind(GREY, 16),
        new Kind(RGB, 8),
        new Kind(RGB, 16),
        new Kind(PALETTE, 8),
        new Kind(GREY_ALPHA, 8),
        new Kind(GREY_ALPHA, 16),
        new Kind(RGB_ALPHA, 8),
        new Kind(RGB_ALPHA, 16));
  }

  @ParameterizedTest
  @MethodSource("wholeBytes")
  void samplesAreThoseOfJavasReaderWithEveryFilter(Kind kind) throws IOException {
    for (int filter = 0; filter <= MIXED; filter++) {
      for (int width : new int[] {1, 2, 67}) {
        int height = 23;
        byte[] samples = samples(kind, width, height, filter);
        byte[] file = file(kind, width, height, samples, filter, 1);

        PngRaster raster = PngRaster.read(PngFile.of(file), MAX_PIXELS);

        assertThat(raster.samples()).as("filter %d, width %d", filter, width).isEqualTo(samples);
        assertThat(raster.samples()).isEqualTo(samplesOfJavasReader(file, kind));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("wholeBytes")
  void pixelsAndLabelsAreTheSamples(Kind kind) throws IOException {
    int width = 31;
    int height = 9;
    byte[] samples = samples(kind, width, height, 7);
    byte[] file = file(kind, width, height, samples, MIXED, 1);
    boolean deepGrey = kind.colourType() == GREY && kind.bits() == 16;
    byte[] rgb = deepGrey ? null : DECODER.image(file, "a.png").rgb();
    // Channels that differ are colours, unless the first is asked for.
    LabelReading reading =
        kind.channels() < 3 ? new LabelReading.Values() : new LabelReading.FirstChannel();
    char[] labels = DECODER.labels(file, reading, "a.png").values();
    for (int i = 0; i < width * height; i++) {
      int first = i * kind.pixelBytes();
      for (int c = 0; c < 3 && !deepGrey; c++) {
        int at = kind.channels() < 3 ? first : first + c * kind.bits() / 8;
        byte expected = kind.colourType() == PALETTE ? colour(samples[at], c) : samples[at];
        assertThat(rgb[3 * i + c]).as("pixel %d, channel %d", i, c).isEqualTo(expected);
      }
      int low = samples[first] & 0xFF;
      int label = kind.bits() == 8 ? low : low << 8 | samples[first + 1] & 0xFF;
      assertThat((int) labels[i]).as("label %d", i).isEqualTo(label);
    }
  }

  @Test
  void thePredictorIsPaethsForAllNeighbours() {
    for (int a = 0; a < 256; a++) {
      for (int b = 0; b < 256; b++) {
        for (int c = 0; c < 256; c++) {
          if (RowFilter.predicted(a, b, c) != paeth(a, b, c)) {
            assertThat(RowFilter.predicted(a, b, c))
                .as("%d %d %d", a, b, c)
                .isEqualTo(paeth(a, b, c));
          }
        }
      }
    }
  }

  @Test
  void dataMayBeCutIntoChunksAnywhere() throws IOException {
    Kind kind = new Kind(RGB, 8);
    byte[] samples = samples(kind, 40, 30, 1);
    for (int chunks : new int[] {2, 3, 17, 500}) {
      byte[] file = file(kind, 40, 30, samples, MIXED, chunks);
      assertThat(DECODER.image(file, "a.png").rgb()).as("%d chunks", chunks).isEqualTo(samples);
    }
  }

  @Test
  void dataBeyondTheLastRowAreIgnored() throws IOException {
    Kind kind = new Kind(GREY, 8);
    byte[] samples = samples(kind, 10, 12, 1);
    byte[] taller = filtered(kind, 10, 12, samples, 2);
    byte[] file = file(kind, 10, 5, List.of(deflated(taller)));
    assertThat(PngRaster.read(PngFile.of(file), MAX_PIXELS).samples())
        .isEqualTo(Arrays.copyOf(samples, 50));
  }

  @Test
  void samplesOfLessThanAByteAreUnpacked() throws IOException {
    for (int bits : new int[] {1, 2, 4}) {
      for (int colourType : new int[] {GREY, PALETTE}) {
        Kind kind = new Kind(colourType, bits);
        byte[] row = {0b0001_1011, (byte) 0b1110_0100};
        byte[] file = file(kind, 16 / bits, 1, List.of(deflated(new byte[] {0, row[0], row[1]})));

        char[] labels = DECODER.labels(file, "a.png").values();
        for (int i = 0; i < labels.length; i++) {
          int expected = row[i * bits / 8] >> (8 - bits - i * bits % 8) & (1 << bits) - 1;
          assertThat((int) labels[i]).as("%s, label %d", kind, i).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void interlacedFilesArePutTogether() throws IOException {
    BufferedImage image = new BufferedImage(9, 7, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < 63; i++) {
      image.setRGB(i % 9, i / 9, i << 16 | 3 * i << 8 | 4 * i);
    }
    byte[] file = interlaced(image);
    byte[] rgb = DECODER.image(file, "a.png").rgb();
    for (int i = 0; i < 63; i++) {
      assertThat(rgb[3 * i] & 0xFF).isEqualTo(i);
      assertThat(rgb[3 * i + 1] & 0xFF).isEqualTo(3 * i);
      assertThat(rgb[3 * i + 2] & 0xFF).isEqualTo(4 * i);
    }
  }

  @Test
  void aPaletteImageWithoutItsPaletteIsRefusedByName() {
    byte[] file = file(new Kind(PALETTE, 8), 2, 1, List.of(deflated(new byte[] {0, 1, 2})));
    int from = SIGNATURE.length + 12 + 13;
    byte[] without = new byte[file.length - 12 - 768];
    System.arraycopy(file, 0, without, 0, from);
    System.arraycopy(file, from + 12 + 768, without, from, without.length - from);
    refused(without, "palette indices without its palette");
  }

  @Test
  void anUnknownFilterIsRefusedByName() {
    for (int filter : new int[] {5, 255}) {
      byte[] rows = {0, 7, 7, (byte) filter, 7, 7};
      byte[] file = file(new Kind(GREY, 8), 2, 2, List.of(deflated(rows)));
      refused(file, "unknown filter " + filter);
    }
  }

  @Test
  void dataThatEndEarlyAreRefusedByName() {
    Kind kind = new Kind(RGB, 8);
    byte[] rows = filtered(kind, 20, 10, samples(kind, 20, 10, 3), 1);
    byte[] whole = deflated(rows);
    refused(file(kind, 20, 10, List.of()), "end in row 1 of 10");
    refused(file(kind, 20, 10, List.of(Arrays.copyOf(whole, whole.length / 2))), "end in row");
    refused(file(kind, 20, 10, List.of(deflated(Arrays.copyOf(rows, 549)))), "end in row 10 of 10");
    // One byte of the last row is missing.
    byte[] last = Arrays.copyOf(rows, rows.length - 1);
    refused(file(kind, 20, 10, List.of(deflated(last))), "end in row 10 of 10");
  }

  @Test
  void dataThatCannotBeInflatedAreRefusedByName() {
    byte[] data = deflated(new byte[300]);
    data[2] |= 6; // the kind of block that does not exist
    refused(file(new Kind(GREY, 8), 10, 10, List.of(data)), "damaged compressed data");
  }

  private static void refused(byte[] file, String found) {
    assertThatThrownBy(() -> DECODER.image(file, "its-name.png"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(found)
        .hasMessageContaining("its-name.png");
  }

  private static byte[] samplesOfJavasReader(byte[] file, Kind kind) throws IOException {
    Raster raster = ImageIO.read(new ByteArrayInputStream(file)).getRaster();
    int[] values = raster.getPixels(0, 0, raster.getWidth(), raster.getHeight(), (int[]) null);
    assertThat(raster.getNumBands()).isEqualTo(kind.channels());
    byte[] samples = new byte[values.length * kind.bits() / 8];
    for (int i = 0; i < values.length; i++) {
      if (kind.bits() == 8) {
        samples[i] = (byte) values[i];
      } else {
        samples[2 * i] = (byte) (values[i] >> 8);
        samples[2 * i + 1] = (byte) values[i];
      }
    }
    return samples;
  }

  /** Smooth in places, random in others: Paeth's predictor is to choose each of the three. */
  private static byte[] samples(Kind kind, int width, int height, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] samples = new byte[width * height * kind.pixelBytes()];
    for (int i = 0; i < samples.length; i++) {
      int smooth = i == 0 ? 128 : samples[i - 1] + random.nextInt(-3, 4);
      samples[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : smooth);
    }
    return samples;
  }

  /** The rows with their filters, as PNG specification, second edition, §9.2 defines these. */
  private static byte[] filtered(Kind kind, int width, int height, byte[] samples, int filter) {
    int pixel = kind.pixelBytes();
    int stride = width * pixel;
    byte[] rows = new byte[height * (stride + 1)];
    for (int y = 0; y < height; y++) {
      int type = filter == MIXED ? (y * 3 + 4) % 5 : filter;
      rows[y * (stride + 1)] = (byte) type;
      for (int i = 0; i < stride; i++) {
        int at = y * stride + i;
        int a = i < pixel ? 0 : samples[at - pixel] & 0xFF;
        int b = y == 0 ? 0 : samples[at - stride] & 0xFF;
        int c = i < pixel || y == 0 ? 0 : samples[at - stride - pixel] & 0xFF;
        int prediction =
            switch (type) {
              case 0 -> 0;
              case 1 -> a;
              case 2 -> b;
              case 3 -> (a + b) / 2;
              default -> paeth(a, b, c);
            };
        rows[y * (stride + 1) + 1 + i] = (byte) (samples[at] - prediction);
      }
    }
    return rows;
  }

  private static int paeth(int a, int b, int c) {
    int p = a + b - c;
    int pa = Math.abs(p - a);
    int pb = Math.abs(p - b);
    int pc = Math.abs(p - c);
    if (pa <= pb && pa <= pc) {
      return a;
    }
    return pb <= pc ? b : c;
  }

  private static byte[] file(
      Kind kind, int width, int height, byte[] samples, int filter, int chunks) {
    byte[] data = deflated(filtered(kind, width, height, samples, filter));
    List<byte[]> parts = new ArrayList<>();
    parts.add(new byte[0]);
    for (int i = 0; i < chunks; i++) {
      int from = (int) ((long) data.length * i / chunks);
      int to = (int) ((long) data.length * (i + 1) / chunks);
      parts.add(Arrays.copyOfRange(data, from, to));
      if (i % 2 == 1) {
        parts.add(new byte[0]);
      }
    }
    return file(kind, width, height, parts);
  }

  private static byte[] file(Kind kind, int width, int height, List<byte[]> data) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) kind.bits()).put((byte) kind.colourType());
    file.writeBytes(PngChunk.of("IHDR", header.array()));
    if (kind.colourType() == PALETTE) {
      byte[] palette = new byte[kind.bits() == 8 ? 768 : 3 << kind.bits()];
      for (int i = 0; i < palette.length; i++) {
        palette[i] = colour((byte) (i / 3), i % 3);
      }
      file.writeBytes(PngChunk.of("PLTE", palette));
    }
    data.forEach(part -> file.writeBytes(PngChunk.of("IDAT", part)));
    file.writeBytes(PngChunk.of("IEND", new byte[0]));
    return file.toByteArray();
  }

  private static byte colour(byte index, int channel) {
    return (byte) (index * (channel + 3) + 11);
  }

  private static byte[] deflated(byte[] data) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
      out.write(data);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] interlaced(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ImageWriteParam how = writer.getDefaultWriteParam();
    how.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), how);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
