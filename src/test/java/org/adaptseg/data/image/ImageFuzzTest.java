package org.adaptseg.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.adaptseg.testing.Fuzz;
import org.adaptseg.testing.PngChunk;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever an image file holds, the answer is pixels or a message, at a bounded price. */
@Tag("faults")
class ImageFuzzTest {
  private static final int INPUTS = 10_000;
  private static final int MAX_PIXELS = 1 << 14;
  private static final ImageDecoder DECODER = new ImageDecoder(MAX_PIXELS);

  /** 64 bytes for a pixel of the bound, and the decoders' own tables and buffers. */
  private static final long BYTES = 64L * MAX_PIXELS + (16L << 20);

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final List<String> CHUNKS =
      List.of(
          "iCCP", "zTXt", "iTXt", "tEXt", "tRNS", "PLTE", "bKGD", "hIST", "sPLT", "gAMA", "cHRM",
          "sRGB", "sBIT", "pHYs", "tIME", "IDAT", "IEND", "IHDR", "xxXx", "XXXX");

  @Test
  void aPngIsDecodedOrRefused() {
    fuzz(
        pngs(),
        ImageFuzzTest::mutatedPng,
        file -> {
          DECODER.image(file, "fuzz");
          DECODER.labels(file, "fuzz");
        });
  }

  @Test
  void aJpegIsDecodedOrRefused() {
    fuzz(jpegs(), ImageFuzzTest::mutatedJpeg, file -> DECODER.image(file, "fuzz"));
  }

  private static void fuzz(List<byte[]> seeds, Fuzz.Mutator mutator, Fuzz.Parser decoding) {
    Fuzz.Parser parser =
        file -> {
          DECODER.size(new ByteArrayInputStream(file), "fuzz");
          decoding.parse(file);
        };
    Fuzz.Outcome outcome =
        assertTimeoutPreemptively(
            LIMIT, () -> Fuzz.run(INPUTS, seeds, mutator, BYTES, IOException.class, parser));
    // Were all refused, or none, the mutations would test nothing.
    assertThat(outcome.accepted()).isBetween(INPUTS / 100, INPUTS * 9 / 10);
  }

  @Test
  void chunksThatStateMoreThanTheFileHoldsAreRefusedBeforeTheyAreRead() {
    byte[] palette = pngs().get(0);
    for (String type : List.of("iCCP", "zTXt", "iTXt", "sPLT", "xxXx")) {
      byte[] chunk = PngChunk.of(type, new byte[8]);
      ByteBuffer.wrap(chunk).putInt(0, Integer.MAX_VALUE - 64);
      assertThatThrownBy(() -> DECODER.image(Fuzz.splice(palette, 33, 33, chunk), "bomb.png"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("states 2147483583 bytes")
          .hasMessageContaining("bomb.png");
    }
  }

  @Test
  void compressedTextsAndProfilesAreNotInflated() throws IOException {
    byte[] palette = pngs().get(0);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes("x\0\0".getBytes(StandardCharsets.ISO_8859_1));
    data.writeBytes(deflated(new byte[64 << 20]));
    for (String type : List.of("iCCP", "zTXt")) {
      byte[] bomb = Fuzz.splice(palette, 33, 33, PngChunk.of(type, data.toByteArray()));
      Fuzz.run(
          1, List.of(bomb), (seed, random) -> seed, BYTES, IOException.class, DECODER_OF_IMAGES);
      assertThat(DECODER.image(bomb, type).rgb()).isEqualTo(DECODER.image(palette, "p").rgb());
    }
  }

  private static final Fuzz.Parser DECODER_OF_IMAGES = file -> DECODER.image(file, "bomb");

  @Test
  void aDamagedPngIsNotTakenForAnother() {
    byte[] file = pngs().get(1);
    for (int at = 16; at < file.length - 16; at++) {
      byte[] damaged = file.clone();
      damaged[at] ^= 4;
      assertThatThrownBy(() -> DECODER.image(damaged, "flipped.png"))
          .as("byte %d", at)
          .isInstanceOf(IOException.class);
    }
  }

  /** Mostly changes of chunks that keep checksums right, so that the decoder gets to see them. */
  private static byte[] mutatedPng(byte[] seed, SplittableRandom random) {
    if (random.nextInt(5) == 0) {
      return Fuzz.bytes(seed, random);
    }
    List<byte[]> chunks = new ArrayList<>();
    for (int at = 8; at + 12 <= seed.length; ) {
      int end = at + 12 + ByteBuffer.wrap(seed).getInt(at);
      chunks.add(Arrays.copyOfRange(seed, at, end));
      at = end;
    }
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      change(chunks, random);
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    chunks.forEach(file::writeBytes);
    return file.toByteArray();
  }

  private static void change(List<byte[]> chunks, SplittableRandom random) {
    int at = random.nextInt(chunks.size());
    byte[] chunk = chunks.get(at);
    byte[] data = Arrays.copyOfRange(chunk, 8, chunk.length - 4);
    String type = new String(chunk, 4, 4, StandardCharsets.ISO_8859_1);
    String other = CHUNKS.get(random.nextInt(CHUNKS.size()));
    switch (random.nextInt(8)) {
      case 0 -> chunks.set(at, PngChunk.of(type, Fuzz.bytes(data, random)));
      case 1 -> chunks.set(at, PngChunk.of(other, data));
      case 2 -> chunks.add(at, PngChunk.of(other, Fuzz.some(random, 64)));
      case 3 -> chunks.add(at, PngChunk.of(other, text(random)));
      case 4 -> chunks.add(random.nextInt(chunks.size() + 1), chunk);
      case 5 -> {
        if (chunks.size() > 1) {
          chunks.remove(at);
        }
      }
      case 6 -> {
        byte[] header = header(chunks.get(0), random);
        chunks.set(0, PngChunk.of("IHDR", header));
      }
      default -> chunks.set(at, PngChunk.of("IDAT", deflated(Fuzz.some(random, 4000))));
    }
  }

  private static byte[] text(SplittableRandom random) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes("name\0\0".getBytes(StandardCharsets.ISO_8859_1));
    data.writeBytes(deflated(new byte[1 << random.nextInt(20)]));
    return data.toByteArray();
  }

  private static byte[] header(byte[] chunk, SplittableRandom random) {
    byte[] header = Arrays.copyOf(Arrays.copyOfRange(chunk, 8, chunk.length - 4), 13);
    int field = random.nextInt(7);
    if (field < 2) {
      int size = random.nextBoolean() ? Fuzz.edge(random) : random.nextInt(200);
      ByteBuffer.wrap(header).putInt(4 * field, size);
    } else {
      header[6 + field] = (byte) (random.nextBoolean() ? random.nextInt(17) : Fuzz.edge(random));
    }
    return header;
  }

  private static byte[] deflated(byte[] data) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = new DeflaterOutputStream(bytes, new Deflater(Deflater.BEST_COMPRESSION))) {
      out.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Changes of segments: sizes, sampling factors, repeated scans and tables, strange profiles. */
  private static byte[] mutatedJpeg(byte[] seed, SplittableRandom random) {
    byte[] file = seed.clone();
    List<Integer> markers = new ArrayList<>();
    for (int i = 0; i + 4 < file.length; i++) {
      if (file[i] == (byte) 0xFF && (file[i + 1] & 0xFF) >= 0xC0) {
        markers.add(i);
      }
    }
    int at = markers.get(random.nextInt(markers.size()));
    int length = Short.toUnsignedInt(ByteBuffer.wrap(file).getShort(at + 2));
    int end = Math.min(file.length, at + 2 + length);
    switch (random.nextInt(6)) {
      case 0 -> ByteBuffer.wrap(file).putShort(at + 2, (short) Fuzz.edge(random));
      case 1 -> file = Fuzz.splice(file, at, at, Arrays.copyOfRange(file, at, end));
      case 2 -> file = Fuzz.splice(file, at, end, new byte[0]);
      case 3 -> {
        int to = Math.min(at + 4 + random.nextInt(16), file.length - 1);
        file[to] = (byte) (random.nextBoolean() ? random.nextInt(256) : Fuzz.edge(random));
      }
      case 4 -> {
        byte[] profile = Fuzz.some(random, 300);
        byte[] name = "\0\0ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer segment = ByteBuffer.allocate(name.length + 2 + profile.length);
        segment.put((byte) 0xFF).put((byte) 0xE2).put(name).put(profile);
        segment.putShort(2, (short) (segment.capacity() - 2));
        file = Fuzz.splice(file, 2, 2, segment.array());
      }
      default -> {
        return Fuzz.bytes(file, random);
      }
    }
    return random.nextInt(3) == 0 ? Fuzz.bytes(file, random) : file;
  }

  private static List<byte[]> pngs() {
    byte[] ramp = new byte[16];
    for (int i = 0; i < 16; i++) {
      ramp[i] = (byte) (i * 16);
    }
    List<byte[]> files = new ArrayList<>();
    for (int bits : new int[] {8, 4, 1}) {
      IndexColorModel palette =
          new IndexColorModel(bits, Math.min(16, 1 << bits), ramp, ramp, ramp);
      files.add(png(filled(new BufferedImage(13, 9, bits == 8 ? 13 : 12, palette)), false));
    }
    for (int type :
        new int[] {
          BufferedImage.TYPE_3BYTE_BGR,
          BufferedImage.TYPE_4BYTE_ABGR,
          BufferedImage.TYPE_BYTE_GRAY,
          BufferedImage.TYPE_USHORT_GRAY,
          BufferedImage.TYPE_BYTE_BINARY
        }) {
      files.add(png(picture(17, 11, type), false));
      files.add(png(picture(17, 11, type), true));
    }
    return files;
  }

  private static List<byte[]> jpegs() {
    List<byte[]> files = new ArrayList<>();
    for (int type : new int[] {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_BYTE_GRAY}) {
      files.add(jpeg(picture(24, 18, type), false));
      files.add(jpeg(picture(24, 18, type), true));
    }
    return files;
  }

  private static BufferedImage picture(int width, int height, int type) {
    return filled(new BufferedImage(width, height, type));
  }

  private static BufferedImage filled(BufferedImage image) {
    var raster = image.getRaster();
    for (int band = 0; band < raster.getNumBands(); band++) {
      int mask = (1 << raster.getSampleModel().getSampleSize(band)) - 1;
      for (int y = 0; y < image.getHeight(); y++) {
        for (int x = 0; x < image.getWidth(); x++) {
          raster.setSample(x, y, band, (x * 7 + y * 31 + band * 57) * 13 & mask & 0xFFF);
        }
      }
    }
    return image;
  }

  private static byte[] png(BufferedImage image, boolean interlaced) {
    return written(image, "png", interlaced);
  }

  private static byte[] jpeg(BufferedImage image, boolean progressive) {
    return written(image, "jpeg", progressive);
  }

  private static byte[] written(BufferedImage image, String format, boolean progressive) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ImageWriteParam how = writer.getDefaultWriteParam();
    if (progressive) {
      how.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    }
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), how);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
