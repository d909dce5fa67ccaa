package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What {@code predict} writes beside label maps, and how it and {@code evaluate} look at images.
 */
@Tag("command")
class PredictedPixelsTest extends PredictingTest {
  private static final String FIRST = "easttown/easttown_000000_000019_leftImg8bit";

  private BufferedImage picture(String kind) throws IOException {
    return ImageIO.read(own.resolve("out/" + kind + "/" + FIRST + ".png").toFile());
  }

  @Test
  void probabilitiesAreAnArrayAndConfidenceAndEntropyFollowFromThem() throws IOException {
    Ended run =
        predict(images(), "--confidence", "--entropy", "--probabilities", "--flip", "--no-colours");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(own.resolve("out").toFile().list())
        .containsExactlyInAnyOrder(
            "_SUCCESS", "prediction.json", "label-ids", "confidence", "entropy", "probabilities");
    float[][] planes = npy(own.resolve("out/probabilities/" + FIRST + ".npy"), 8, 48, 96);
    BufferedImage ids = picture("label-ids");
    BufferedImage confidence = picture("confidence");
    BufferedImage entropy = picture("entropy");
    for (int i = 0; i < 48 * 96; i++) {
      int x = i % 96;
      int y = i / 96;
      double sum = 0;
      double bits = 0;
      int best = 0;
      for (int c = 0; c < 8; c++) {
        sum += planes[c][i];
        bits -= planes[c][i] > 0 ? planes[c][i] * Math.log(planes[c][i]) : 0;
        best = planes[c][i] > planes[best][i] ? c : best;
      }
      assertThat(sum).isCloseTo(1, within(4e-3));
      int shown = IDS.indexOf(ids.getRaster().getSample(x, y, 0));
      assertThat((double) planes[shown][i]).isCloseTo(planes[best][i], within(1e-3));
      assertThat((double) confidence.getRaster().getSample(x, y, 0))
          .isCloseTo(255 * planes[best][i], within(0.7));
      assertThat((double) entropy.getRaster().getSample(x, y, 0))
          .isCloseTo(255 * bits / Math.log(8), within(1.5));
    }

    assertThat(predict(images(), "--confidence", "16", "--flip", "--no-colours").code()).isZero();
    BufferedImage fine = picture("confidence-16");
    assertThat(fine.getColorModel().getPixelSize()).isEqualTo(16);
    for (int x = 0; x < 96; x++) {
      assertThat(fine.getRaster().getSample(x, 9, 0) / 257.0)
          .isCloseTo(confidence.getRaster().getSample(x, 9, 0), within(0.51));
    }
    assertThat(predict(images(), "--confidence=9").err())
        .contains("expected 8 or 16 bits, found 9");
  }

  /** Reads the file by the format's description, and nothing else. */
  private static float[][] npy(Path file, int planes, int height, int width) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[8];
    bytes.get(magic);
    assertThat(magic).isEqualTo(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    byte[] header = new byte[bytes.getShort()];
    bytes.get(header);
    assertThat(bytes.position() % 64).isZero();
    assertThat(new String(header, StandardCharsets.US_ASCII))
        .startsWith(
            "{'descr': '<f2', 'fortran_order': False, 'shape': (%d, %d, %d), }"
                .formatted(planes, height, width))
        .matches("(?s)[^ ].*} *\n");
    assertThat(bytes.remaining()).isEqualTo(2 * planes * height * width);
    float[][] values = new float[planes][height * width];
    for (float[] plane : values) {
      for (int i = 0; i < plane.length; i++) {
        int bits = bytes.getShort() & 0xFFFF;
        int exponent = bits >> 10;
        plane[i] =
            exponent == 0
                ? bits * 0x1p-24f
                : (float) ((1024 + (bits & 1023)) * Math.pow(2, exponent - 25));
      }
    }
    return values;
  }

  @Test
  void ofChosenClassesOthersAreLeftOut() throws IOException {
    assertThat(predict(images()).code()).isZero();
    BufferedImage all = picture("label-ids");
    assertThat(predict(images(), "--classes=road,car", "--probabilities").err())
        .contains("expected a folder that is new or holds predictions of the same checkpoint")
        .contains("classes null, not");

    Ended run =
        predict(images(), "--classes=car,road", "--probabilities", "--overlays", "--overwrite");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    BufferedImage ids = picture("label-ids");
    BufferedImage colours = picture("colours");
    BufferedImage overlay = picture("overlays");
    BufferedImage image = ImageIO.read(images().resolve(FIRST + ".png").toFile());
    int others = 0;
    for (int i = 0; i < 48 * 96; i++) {
      int x = i % 96;
      int y = i / 96;
      int before = all.getRaster().getSample(x, y, 0);
      boolean chosen = before == 7 || before == 26;
      others += chosen ? 0 : 1;
      assertThat(ids.getRaster().getSample(x, y, 0)).isEqualTo(chosen ? before : 255);
      if (!chosen) {
        assertThat(colours.getRGB(x, y) & 0xFFFFFF).isZero();
        assertThat(overlay.getRGB(x, y) & 0xFFFFFF).isEqualTo(image.getRGB(x, y) & 0xFFFFFF);
      }
    }
    assertThat(others).isPositive();
    npy(own.resolve("out/probabilities/" + FIRST + ".npy"), 2, 48, 96);

    assertThat(predict(images(), "--classes=road", "--other-id=0", "--overwrite").code()).isZero();
    assertThat(picture("label-ids").getRaster().getSample(0, 0, 0)).isIn(0, 7);
    Ended refused = predict(images(), "--classes=road,bicycel", "--other-id=26");
    assertThat(refused.err())
        .contains("found bicycel")
        .contains("that no class has (--other-id), found 26, which is car");
  }

  @Test
  void windowsOfTheWholeImageChangeNoPictureAndSmallerOnesAreOfTheirOwn() throws IOException {
    assertThat(predict(images(), "--no-colours").code()).isZero();
    byte[] plain = Files.readAllBytes(own.resolve("out/label-ids/" + FIRST + ".png"));

    assertThat(predict(images(), "--window=64x32", "--no-colours", "--overwrite").code()).isZero();
    assertThat(own.resolve("out/label-ids/" + FIRST + ".png")).hasBinaryContent(plain);

    Ended windows =
        predict(
            images(),
            "--window=40x30",
            "--stride=20",
            "--own-size",
            "--scales=0.5,1",
            "--no-colours",
            "--overwrite");
    assertThat(windows.err()).isEmpty();
    assertThat(windows.code()).isZero();
    assertThat(Files.readString(own.resolve("out/prediction.json")))
        .contains("scales [0.5, 1.0], windows of 40x30 every 20x20, own size");
    assertThat(picture("label-ids").getWidth()).isEqualTo(96);
    assertThat(predict(images(), "--stride=20").err()).contains("expected --window with --stride");
    assertThat(predict(images(), "--window=20", "--stride=30").err())
        .contains("expected a stride from 1x1 to the window's 20x20, found 30x30");
    assertThat(predict(images(), "--window=20x").err())
        .contains("expected a width and a height in pixels");
  }

  @Test
  void evaluationLooksAtImagesAsItIsToldAndCountsHowSureItIs() throws IOException {
    JsonNode plain = evaluated();
    assertThat(plain.get("calibration_error").asDouble()).isStrictlyBetween(0.0, 1.0);
    assertThat(plain.get("precision")).hasSize(8);
    assertThat(plain.get("pixel_accuracy").asDouble()).isBetween(0.0, 1.0);
    JsonNode window = evaluated("--window=64x32");
    assertThat(window.get("confusion")).isEqualTo(plain.get("confusion"));
    assertThat(window.get("calibration_error")).isEqualTo(plain.get("calibration_error"));

    JsonNode looked = evaluated("--flip", "--scales=0.75,1.25", "--window=48x24");
    assertThat(total(looked)).isEqualTo(total(plain));
    assertThat(looked.get("confusion")).isNotEqualTo(plain.get("confusion"));
    assertThat(plain.get("views").asText()).isEqualTo("plain");
    assertThat(looked.get("views").asText())
        .isEqualTo("scales [0.75, 1.25], with mirror images, windows of 48x24 every 32x16");
  }

  private static long total(JsonNode scores) {
    long sum = 0;
    for (JsonNode row : scores.get("confusion")) {
      for (JsonNode count : row) {
        sum += count.asLong();
      }
    }
    return sum;
  }

  private JsonNode evaluated(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "evaluate",
                "--config=" + shared.resolve("run.yaml"),
                "--json=" + own.resolve("scores.json")));
    arguments.addAll(List.of(more));
    Ended run = ProgramRun.of(arguments);
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    return new ObjectMapper().readTree(own.resolve("scores.json").toFile());
  }
}
