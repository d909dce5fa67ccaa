package org.adaptseg.data.dataset;

import static org.adaptseg.testing.DatasetFixtures.CAMVID_IDS;
import static org.adaptseg.testing.DatasetFixtures.CARLA_TAGS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.Split;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.testing.DatasetFixtures;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CARLA and CamVid, named and encoded as published, in the ten classes that they share. */
class StreetLayoutsTest {
  private static final Configuration HADOOP = new Configuration(false);
  private static final LabelSpace SPACE = ResolvedData.labelSpace("streets-10");

  /** Train ids of CARLA's tags 0..22; -1 is ignored. */
  private static final int[] CARLA = {
    -1, 2, 8, -1, 9, 3, 0, 0, 1, 5, 7, 2, 4, 6, -1, 2, -1, 8, 4, -1, -1, -1, 5
  };

  /** Train ids of CamVid's ids 0..11 with SegNet; -1 is ignored. */
  private static final int[] CAMVID = {6, 2, 3, 0, 1, 5, 4, 8, 7, 9, -1, -1};

  @TempDir static Path published;

  @BeforeAll
  static void write() throws IOException {
    DatasetFixtures.carla(published.resolve("carla"));
    DatasetFixtures.camvid(published.resolve("camvid"), colours());
  }

  private static List<List<Integer>> colours() {
    return ((DatasetDescription.Files) ResolvedData.dataset("camvid-32"))
        .colours().stream().map(DatasetDescription.LabelColour::rgb).toList();
  }

  @Test
  void framesOfCarlaFromOtherDrivesAreHeldOut() throws IOException {
    assertThat(ids(open("carla", "carla", "all"))).hasSize(3);
    assertThat(ids(open("carla", "carla", "train")))
        .containsExactly("images/000026.jpg", "images/035097.jpg");
    Split held = open("carla", "carla", "val");
    assertThat(ids(held)).containsExactly("images/049145.jpg");
    assertLabels(held.originalLabels(0), CARLA_TAGS, 2, CARLA);
  }

  @Test
  void tagsOfARecordingAreTheRedChannelWithAndWithoutAlpha() throws IOException {
    Path labels = published.resolve("carla/recording/CameraSeg");
    // Byte 25 of a PNG is its colour type; 2 is RGB, 6 is RGBA.
    assertThat(Files.readAllBytes(labels.resolve("8.png"))[25]).isEqualTo((byte) 2);
    assertThat(Files.readAllBytes(labels.resolve("9.png"))[25]).isEqualTo((byte) 6);

    Split split = open("carla", "carla/recording", "all");

    assertThat(ids(split)).containsExactly("CameraRGB/8.png", "CameraRGB/9.png");
    assertLabels(split.originalLabels(0), CARLA_TAGS, 0, CARLA);
    assertLabels(split.originalLabels(1), CARLA_TAGS, 1, CARLA);
  }

  @ParameterizedTest
  @CsvSource({
    "camvid, train, images/train/0001TP_006690.jpg, 0",
    "camvid, val, images/val/0016E5_07959.jpg, 1",
    "camvid, test, images/test/Seq05VD_f00000.jpg, 2",
    "camvid/tutorial, train, train/0001TP_006690.png, 0",
    "camvid/tutorial, val, val/0016E5_07959.png, 1",
    "camvid/tutorial, test, test/Seq05VD_f00000.png, 2"
  })
  void labelsOfCamVidWithSegNetAreIndices(String root, String name, String image, int number)
      throws IOException {
    Split split = open("camvid", root, name);

    assertThat(ids(split)).containsExactly(image);
    assertLabels(split.originalLabels(0), CAMVID_IDS, number, CAMVID);
  }

  @Test
  void theAuthorsLabelsOfCamVidAreColours() throws IOException {
    LabelImage labels = open("camvid-32", "camvid/authors", "test").originalLabels(0);

    Map<List<Integer>, Integer> some =
        Map.of(
            List.of(0, 128, 192), LabelSpace.IGNORE, // bicyclist
            List.of(128, 0, 192), 0, // lane marking
            List.of(64, 192, 0), 2, // wall
            List.of(192, 128, 64), 9, // child
            List.of(192, 128, 192), 7); // truck
    List<List<Integer>> colours = colours();
    assertThat(colours).hasSize(32).containsAll(some.keySet());
    some.forEach(
        (rgb, trainId) -> {
          // The first row of label number 2 has colour x + 10 at column x.
          int x = Math.floorMod(colours.indexOf(rgb) - 10, colours.size());
          assertThat(labels.at(0, x)).as("%s", rgb).isEqualTo(trainId);
        });
  }

  /** First and last frames of every drive in SegNet's lists. */
  @ParameterizedTest
  @CsvSource({
    "train, 0001TP_006690 0001TP_008520 0006R0_f00930 0016E5_00390 0016E5_00901 0016E5_08640",
    "val, 0016E5_07959 0016E5_08011 0016E5_08159",
    "test, 0001TP_008550 0001TP_008580 0001TP_008610 0001TP_009990 0001TP_010380 Seq05VD_f05100"
  })
  void theSplitsOfTheAuthorsFilesAreSegNets(String name, String frames) {
    DatasetDescription.Files description =
        (DatasetDescription.Files) ResolvedData.dataset("camvid-32");
    for (String frame : frames.split(" ")) {
      String image = "701_StillsRaw_full/" + frame + ".png";
      assertThat(List.of("train", "val", "test"))
          .as(frame)
          .filteredOn(split -> Glob.of(description.splits().get(split)).matches(image))
          .containsExactly(name);
    }
  }

  @Test
  void labelsWithoutAnImageAreFoundInBothLayouts() throws IOException {
    DatasetDescription.Files camvid = (DatasetDescription.Files) ResolvedData.dataset("camvid");

    assertThat(camvid.imagesOf("trainannot/a.png")).containsExactly("train/a.jpg", "train/a.png");
    assertThat(camvid.imagesOf("labels/test/a.png"))
        .containsExactly("images/test/a.jpg", "images/test/a.png");
  }

  private static List<String> ids(Split split) {
    return IntStream.range(0, split.size()).mapToObj(split::id).toList();
  }

  private static void assertLabels(
      LabelImage labels, List<Integer> ids, int number, int[] trainIds) {
    for (int y = 0; y < labels.height(); y++) {
      for (int x = 0; x < labels.width(); x++) {
        int raw = DatasetFixtures.idAt(ids, number, x, y);
        assertThat(labels.at(y, x))
            .as("raw id %d at row %d, column %d", raw, y, x)
            .isEqualTo(trainIds[raw] < 0 ? LabelSpace.IGNORE : trainIds[raw]);
      }
    }
  }

  private static Split open(String dataset, String root, String split) throws IOException {
    return SplitPlan.prepare(
            ResolvedData.dataset(dataset),
            new RunConfig.Domain(dataset, published.resolve(root).toString(), split, 64, 32),
            SPACE,
            SplitPlan.Labels.NEEDED,
            0,
            100_000,
            Normalisation.CAFFE,
            HADOOP)
        .open(HADOOP);
  }
}
