package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.adaptseg.testing.DatasetFixtures;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.OddFolder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code predict} by the program's command, with a network that was trained for seconds. */
@Tag("command")
class PredictTest extends PredictingTest {
  private Map<String, FileTime> written() throws IOException {
    Map<String, FileTime> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(own.resolve("out"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(own.resolve("out").relativize(file).toString(), Files.getLastModifiedTime(file));
      }
    }
    return files;
  }

  @Test
  void labelIdsAreGreyPngsInTheDatasetsIdsAndScoreWhatEvaluationSays() throws IOException {
    Ended run = predict(images(), "--no-colours");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("Predicted 5 images with iteration 40; 0 were there");

    long[][] confusion = new long[8][8];
    TreeSet<Integer> seen = new TreeSet<>();
    for (int i = 0; i < 5; i++) {
      String stem = "easttown/easttown_%06d_000019_".formatted(i);
      Path file = own.resolve("out/label-ids/" + stem + "leftImg8bit.png");
      byte[] png = Files.readAllBytes(file);
      assertThat(List.of(png[24], png[25])).as("8 bits, grey").containsExactly((byte) 8, (byte) 0);
      BufferedImage predicted = ImageIO.read(file.toFile());
      BufferedImage truth =
          ImageIO.read(
              shared.resolve("cityscapes/gtFine/val/" + stem + "gtFine_labelIds.png").toFile());
      assertThat(predicted.getWidth()).isEqualTo(96);
      assertThat(predicted.getHeight()).isEqualTo(48);
      for (int y = 0; y < 48; y++) {
        for (int x = 0; x < 96; x++) {
          int id = predicted.getRaster().getSample(x, y, 0);
          seen.add(id);
          confusion[IDS.indexOf(truth.getRaster().getSample(x, y, 0))][IDS.indexOf(id)]++;
        }
      }
    }
    assertThat(seen).as("a network that tells classes apart").hasSizeGreaterThan(1);
    Ended evaluation =
        ProgramRun.of(
            List.of(
                "evaluate",
                "--config=" + shared.resolve("run.yaml"),
                "--json=" + own.resolve("scores.json")));
    assertThat(evaluation.code()).isZero();
    JsonNode counted = new ObjectMapper().readTree(own.resolve("scores.json").toFile());
    long different = 0;
    for (int t = 0; t < 8; t++) {
      for (int p = 0; p < 8; p++) {
        different += Math.abs(confusion[t][p] - counted.get("confusion").get(t).get(p).asLong());
      }
    }
    // Both interpolate the same logits; a pixel may round to the other of two equal classes.
    assertThat(different).isLessThanOrEqualTo(5 * 96 * 48 / 500);
  }

  @Test
  void coloursAndOverlaysFollowThePalette() throws IOException {
    assertThat(predict(images(), "--overlays").code()).isZero();

    String name = "easttown/easttown_000000_000019_leftImg8bit.png";
    BufferedImage ids = ImageIO.read(own.resolve("out/label-ids/" + name).toFile());
    BufferedImage colours = ImageIO.read(own.resolve("out/colours/" + name).toFile());
    BufferedImage overlay = ImageIO.read(own.resolve("out/overlays/" + name).toFile());
    BufferedImage image = ImageIO.read(images().resolve(name).toFile());
    assertThat(colours.getColorModel()).isInstanceOf(IndexColorModel.class);
    for (int y = 0; y < 48; y++) {
      for (int x = 0; x < 96; x++) {
        int trainId = IDS.indexOf(ids.getRaster().getSample(x, y, 0));
        List<Integer> rgb = SPACE.classes().get(trainId).rgb();
        assertThat(colours.getRGB(x, y) & 0xFFFFFF)
            .isEqualTo(rgb.get(0) << 16 | rgb.get(1) << 8 | rgb.get(2));
        for (int c = 0; c < 3; c++) {
          int pixel = image.getRaster().getSample(x, y, c);
          assertThat(overlay.getRaster().getSample(x, y, c)).isEqualTo((pixel + rgb.get(c)) / 2);
        }
      }
    }
  }

  @Test
  void whatIsThereIsNotMadeAgainAndWhatIsMissingIsMadeTheSame() throws IOException {
    assertThat(predict(images()).code()).isZero();
    Map<String, FileTime> before = written();
    assertThat(before.keySet())
        .hasSize(12)
        .contains("_SUCCESS", "prediction.json")
        .allMatch(name -> name.matches("_SUCCESS|prediction\\.json|(label-ids|colours)/.*\\.png"));
    assertThat(own.resolve("out").toFile().list())
        .containsExactlyInAnyOrder("_SUCCESS", "prediction.json", "label-ids", "colours");
    String gone = "label-ids/easttown/easttown_000003_000019_leftImg8bit.png";
    byte[] bytes = Files.readAllBytes(own.resolve("out/" + gone));
    Files.delete(own.resolve("out/" + gone));

    Ended again = predict(images());

    assertThat(again.code()).isZero();
    assertThat(again.out()).contains("Predicted 1 images with iteration 40; 4 were there");
    assertThat(own.resolve("out/" + gone)).hasBinaryContent(bytes);
    Map<String, FileTime> after = written();
    before.remove(gone);
    before.remove("_SUCCESS");
    assertThat(after).containsAllEntriesOf(before).hasSize(12);
  }

  @Test
  void neitherPredictNorEvaluateAsksForDataThatItDoesNotRead() throws IOException {
    String[] elsewhere = {
      "--config=" + shared.resolve("run.yaml"),
      "--set=data.source={dataset: gta5, split: all, width: 64, height: 32}",
      "--set=data.target={dataset: cityscapes, root: /nowhere, split: val, width: 64, height: 32}"
    };
    List<String> evaluate = new ArrayList<>(List.of("evaluate"));
    evaluate.addAll(List.of(elsewhere));
    Ended evaluated = ProgramRun.of(evaluate);
    assertThat(evaluated.err()).isEmpty();
    assertThat(evaluated.code()).isZero();
    assertThat(evaluated.out()).contains("mIoU");

    assertThat(predict(images(), elsewhere[1], elsewhere[2]).code()).isZero();
    assertThat(predict(images(), "--set=data.evaluation.root=/nowhere").code()).isZero();

    evaluate.add("--set=evaluation.batch-norm=target");
    assertThat(ProgramRun.of(evaluate).err())
        .contains("data.target.root")
        .contains("/nowhere")
        .doesNotContain("data.source");
    List<String> train = new ArrayList<>(List.of("train", "--dry-run"));
    train.addAll(List.of(elsewhere));
    assertThat(ProgramRun.of(train).err())
        .contains("data.source.root: expected the directory of dataset gta5, or a manifest");
  }

  @Test
  void imagesOfAnySizeAndKindOfAListAndBadOnesCostThemselvesOnly() throws IOException {
    DatasetFixtures.write(own.resolve("wide.jpg"), DatasetFixtures.picture(1, 401, 33));
    DatasetFixtures.write(own.resolve("sub/tall.png"), DatasetFixtures.picture(2, 1, 300));
    Files.writeString(own.resolve("text.png"), "no image");
    Files.writeString(
        own.resolve("list.txt"), "wide.jpg\nsub/tall.png\ntext.png\nmissing.png;its label.png\n");

    Ended run = predict(own.resolve("list.txt"));

    assertThat(run.code()).isEqualTo(Main.FAILURE);
    assertThat(run.out())
        .contains("Predicted 2 images with iteration 40; 0 were there; 2 could not be used")
        .contains("text.png")
        .contains("expected an image, found no file")
        .contains("missing.png;its label.png); a list holds a path a line, without quotes");
    BufferedImage wide = ImageIO.read(own.resolve("out/label-ids/wide.png").toFile());
    assertThat(List.of(wide.getWidth(), wide.getHeight())).containsExactly(401, 33);
    BufferedImage tall = ImageIO.read(own.resolve("out/colours/sub/tall.png").toFile());
    assertThat(List.of(tall.getWidth(), tall.getHeight())).containsExactly(1, 300);
    assertThat(own.resolve("out/_SUCCESS")).doesNotExist();
    assertThat(own.resolve("out/label-ids/text.png")).doesNotExist();
  }

  @Test
  void predictionsOfAnotherKindAreNotTakenForTheseUnlessDeleted() throws IOException {
    assertThat(predict(images()).code()).isZero();

    Ended other = predict(images(), "--ids=folders");
    assertThat(other.code()).isEqualTo(Main.FAILURE);
    assertThat(other.err())
        .contains("expected a folder that is new or holds predictions of the same checkpoint")
        .contains("label-ids");

    Ended replaced = predict(images(), "--ids=folders", "--overwrite");
    assertThat(replaced.err()).isEmpty();
    assertThat(replaced.out()).contains("Predicted 5 images");
    BufferedImage ids =
        ImageIO.read(
            own.resolve("out/label-ids/easttown/easttown_000000_000019_leftImg8bit.png").toFile());
    for (int x = 0; x < 96; x++) {
      assertThat(ids.getRaster().getSample(x, 20, 0)).isLessThan(8);
    }
  }

  @Test
  void aFolderWithOtherFilesIsLeftAlone() throws IOException {
    Files.createDirectories(own.resolve("out"));
    Files.writeString(own.resolve("out/thesis.txt"), "mine");

    Ended run = predict(images(), "--overwrite");

    assertThat(run.code()).isEqualTo(Main.FAILURE);
    assertThat(run.err()).contains("expected a folder that is new or empty, found thesis.txt");
    assertThat(written()).containsOnlyKeys("thesis.txt");
  }

  @Test
  void oddNamesArePredictedAndWhatCannotBeReadIsNamed() throws IOException {
    Path in = own.resolve("in");
    byte[] png =
        Files.readAllBytes(images().resolve("easttown/easttown_000000_000019_leftImg8bit.png"));
    OddFolder.write(in, OddFolder.NAMES, png);
    OddFolder.write(in, OddFolder.LEFT, png);
    OddFolder.link(in);

    Ended run = predict(in, "--no-colours");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("13 were not taken: 8 hidden or of the system (.DS_Store")
        .contains("Predicted %d images".formatted(OddFolder.NAMES.size()))
        .contains("1 could not be used")
        .contains("found none by that name (broken.png)");
    for (String name : OddFolder.NAMES) {
      assertThat(own.resolve("out/label-ids").resolve(name)).exists();
    }
    assertThat(own.resolve("out/_SUCCESS")).doesNotExist();
  }
}
