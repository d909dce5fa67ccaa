package org.adaptseg.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/**
 * Pictures of every kind that JPEG and PNG know, and what Pillow reads from them;
 * src/test/pictures/make.py made both.
 */
class PicturesTest {
  private static final ImageDecoder DECODER = new ImageDecoder(10_000);
  private static final int CUTS = 24;
  private static final Map<String, byte[]> FILES = files();

  /**
   * What is to come of a file.
   *
   * @param whole its length without what stands behind its end
   * @param size width and height, or "refused"
   * @param digest SHA-256 of the pixels, or what the message names
   */
  private record Expected(String name, int whole, String size, String digest) {
    boolean refused() {
      return size.equals("refused");
    }
  }

  @Test
  void everyPictureHasPillowsPixelsOrIsRefusedByName() {
    List<String> wrong = new ArrayList<>();
    for (Expected expected : expectations()) {
      String found;
      try {
        RgbImage image = DECODER.image(FILES.get(expected.name()), expected.name());
        found = image.width() + "x" + image.height() + " " + sha256(image.rgb());
      } catch (IOException e) {
        boolean named =
            expected.refused()
                && e.getMessage().contains(expected.digest())
                && e.getMessage().contains("(" + expected.name() + ")");
        found = named ? "refused " + expected.digest() : e.getMessage();
      }
      if (!found.equals(expected.size() + " " + expected.digest())) {
        wrong.add(expected + ": " + found);
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void theSuiteHoldsEveryFileOfItsTable() {
    assertThat(expectations()).hasSizeGreaterThan(400);
    assertThat(expectations().stream().map(Expected::name))
        .containsExactlyInAnyOrderElementsOf(FILES.keySet());
  }

  @Test
  void theHeaderStatesTheSizeOfThePixels() throws IOException {
    for (Expected expected : expectations()) {
      if (!expected.refused()) {
        ImageDecoder.Size size = DECODER.size(FILES.get(expected.name()), expected.name());
        assertThat(size.width() + "x" + size.height())
            .as(expected.name())
            .isEqualTo(expected.size());
      }
    }
  }

  @Test
  void aCutFileIsRefusedWhereverItWasCut() {
    List<String> taken = new ArrayList<>();
    for (Expected expected : expectations()) {
      byte[] file = FILES.get(expected.name());
      for (int i = 0; i < CUTS; i++) {
        // The last eight places are the last bytes, one after another.
        int length =
            i < 8 ? expected.whole() - 1 - i : (int) ((long) expected.whole() * (i - 8) / CUTS);
        try {
          DECODER.image(Arrays.copyOf(file, length), "cut");
          taken.add(expected.name() + " of " + length + " bytes");
        } catch (IOException e) {
          assertThat(e.getMessage()).startsWith("Cannot decode an image: expected ");
        }
      }
    }

    assertThat(taken).isEmpty();
  }

  @Test
  void aCutFileThatWasFilledWithZerosIsRefused() {
    List<String> taken = new ArrayList<>();
    for (Expected expected : expectations()) {
      byte[] file = FILES.get(expected.name());
      byte[] filled = Arrays.copyOf(Arrays.copyOf(file, expected.whole() / 2), file.length);
      try {
        DECODER.image(filled, "filled");
        taken.add(expected.name());
      } catch (IOException e) {
        assertThat(e.getMessage()).contains("(filled)");
      }
    }

    assertThat(taken).isEmpty();
  }

  @Test
  void aSmallFileOfManyScansIsRefusedWhereItsPixelsAreMany() throws IOException {
    String name = "script-every-coefficient.jpg"; // 190 scans
    byte[] file = FILES.get(name);
    assertThat(DECODER.image(file, name).width()).isEqualTo(23);
    assertThatThrownBy(() -> new ImageDecoder(23 * 18).image(file, name))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than 24 scans of 414 pixels");
  }

  private static List<Expected> expectations() {
    String table = new String(resource("pictures.tsv"), StandardCharsets.US_ASCII);
    return table
        .lines()
        .map(line -> line.split("\t"))
        .map(f -> new Expected(f[0], Integer.parseInt(f[1]), f[2], f[3]))
        .toList();
  }

  private static Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (InputStream bytes = PicturesTest.class.getResourceAsStream("/pictures/pictures.zip");
        ZipInputStream zip = new ZipInputStream(bytes)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static byte[] resource(String name) {
    try (InputStream in = PicturesTest.class.getResourceAsStream("/pictures/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
