package org.adaptseg.data.dataset;

import static org.adaptseg.testing.DatasetFixtures.CITYSCAPES_IDS;
import static org.adaptseg.testing.DatasetFixtures.CROSS_CITY_IDS;
import static org.adaptseg.testing.DatasetFixtures.SYNTHIA_IDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.Augmentation;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.config.data.RareClassSampling;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Files named and encoded as published, read by the path that training reads them by. */
class PublishedLayoutsTest {
  private static final Configuration HADOOP = new Configuration(false);
  private static final int IGNORE = 255;

  /** Train ids of SYNTHIA's ids 0..22 with 19, 16 and 13 classes; -1 is ignored. */
  private static final Map<String, int[]> SYNTHIA =
      Map.of(
          "cityscapes-19",
          new int[] {
            -1, 10, 2, 0, 1, 4, 8, 5, 13, 7, 11, 18, 17, -1, -1, 6, 9, 12, 14, 15, 16, 3, -1
          },
          "cityscapes-16",
          new int[] {
            -1, 9, 2, 0, 1, 4, 8, 5, 12, 7, 10, 15, 14, -1, -1, 6, -1, 11, -1, 13, -1, 3, -1
          },
          "cityscapes-13",
          new int[] {
            -1, 6, 2, 0, 1, -1, 5, -1, 9, 4, 7, 12, 11, -1, -1, 3, -1, 8, -1, 10, -1, -1, -1
          });

  /** Train ids of Cityscapes' ids with 13 classes; all others are ignored. */
  private static final Map<Integer, Integer> THIRTEEN =
      Map.ofEntries(
          Map.entry(7, 0),
          Map.entry(8, 1),
          Map.entry(11, 2),
          Map.entry(19, 3),
          Map.entry(20, 4),
          Map.entry(21, 5),
          Map.entry(23, 6),
          Map.entry(24, 7),
          Map.entry(25, 8),
          Map.entry(26, 9),
          Map.entry(28, 10),
          Map.entry(32, 11),
          Map.entry(33, 12));

  @TempDir static Path published;
  @TempDir Path own;

  @BeforeAll
  static void write() throws IOException {
    DatasetFixtures.gta5(published.resolve("gta5"));
    DatasetFixtures.cityscapes(published.resolve("cityscapes"));
    DatasetFixtures.synthia(published.resolve("synthia"));
    DatasetFixtures.synscapes(published.resolve("synscapes"));
    DatasetFixtures.crossCity(published.resolve("cross-city"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cityscapes-19", "cityscapes-16", "cityscapes-13"})
  void synthiaLabelsAreTheFirstOfThreeChannelsOfSixteenBits(String space) throws IOException {
    byte[] file = Files.readAllBytes(published.resolve("synthia/GT/LABELS/0000001.png"));
    // Bytes 24 and 25 of a PNG are its bit depth and colour type; 2 is RGB.
    assertThat(new byte[] {file[24], file[25]}).containsExactly(16, 2);

    Split split = open("synthia", "all", space);

    assertThat(split.size()).isEqualTo(3);
    assertThat(split.id(1)).isEqualTo("RGB/0000001.png");
    assertLabels(split.originalLabels(1), SYNTHIA_IDS, 1, synthia(space));
  }

  @Test
  void gta5LabelsAreIndicesOfThePalette() throws IOException {
    byte[] file = Files.readAllBytes(published.resolve("gta5/labels/00003.png"));
    assertThat(file[25]).as("PNG colour type palette").isEqualTo((byte) 3);

    Split split = open("gta5", "all", "cityscapes-13");

    assertLabels(split.originalLabels(1), CITYSCAPES_IDS, 1, THIRTEEN);
  }

  @Test
  void gta5MayLackNumbersAndVaryInSize() throws IOException {
    Split split = open("gta5", "all", "cityscapes-19");

    assertThat(IntStream.range(0, split.size()).mapToObj(split::id))
        .containsExactly("images/00001.png", "images/00003.png", "images/00010.png");
    assertThat(split.originalLabels(0).width()).isEqualTo(40);
    assertThat(split.originalLabels(1).width()).isEqualTo(38);
    assertThat(split.originalLabels(1).height()).isEqualTo(21);
    for (int i = 0; i < split.size(); i++) {
      assertThat(split.labelled(i).image().width()).isEqualTo(64);
      assertThat(split.labelled(i).labels().height()).isEqualTo(32);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "train, 2, leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png, 0",
    "val, 1, leftImg8bit/val/lindau/lindau_000000_000019_leftImg8bit.png, 2",
    "test, 1, leftImg8bit/test/berlin/berlin_000000_000019_leftImg8bit.png, 3"
  })
  void cityscapesLabelsAreTheLabelIdsNotTheirNeighbours(
      String name, int size, String first, int number) throws IOException {
    Split split = open("cityscapes", name, "cityscapes-13");

    assertThat(split.size()).isEqualTo(size);
    assertThat(split.id(0)).isEqualTo(first);
    assertLabels(split.originalLabels(0), CITYSCAPES_IDS, number, THIRTEEN);
  }

  @Test
  void synscapesLabelsAreTheIdsOfCityscapes() throws IOException {
    Split split = open("synscapes", "all", "cityscapes-13");

    assertThat(IntStream.range(0, split.size()).mapToObj(split::id))
        .containsExactly("img/rgb/1.png", "img/rgb/10.png", "img/rgb/2.png");
    assertLabels(split.originalLabels(1), CITYSCAPES_IDS, 2, THIRTEEN);
    assertThat(split.originalLabels(1).width()).isEqualTo(60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rome", "rio", "tokyo", "taipei"})
  void crossCityHasJpegAndPngImagesAndEvalLabels(String city) throws IOException {
    Split test = open("cross-city", city + "-test", "cityscapes-13");

    String folder = Character.toUpperCase(city.charAt(0)) + city.substring(1) + "/Images/Test/";
    assertThat(test.size()).isEqualTo(2);
    assertThat(test.id(0)).isEqualTo(folder + "pano_00002_0_180.png");
    assertThat(test.id(1)).isEqualTo(folder + "pano_00003_1_0.jpg");
    assertLabels(test.originalLabels(0), CROSS_CITY_IDS, 2, THIRTEEN);
    assertLabels(test.originalLabels(1), CROSS_CITY_IDS, 3, THIRTEEN);
    // The JPEG is number 3: its red is 120.
    float[] chw = test.unlabelled(1).image().chw();
    assertThat(chw[2 * 64 * 32 + 500] + 122.67891434f).isBetween(110f, 130f);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rome", "rio", "tokyo", "taipei"})
  void crossCityTrainingImagesNeedNoLabels(String city) throws IOException {
    Split train =
        prepare("cross-city", city + "-train", "cityscapes-13", SplitPlan.Labels.UNUSED)
            .open(HADOOP);

    assertThat(train.size()).isEqualTo(2);
    assertThat(train.unlabelled(0).image().width()).isEqualTo(64);
  }

  @Test
  void crossCityTrainingImagesHaveNone() {
    assertThatThrownBy(
            () -> prepare("cross-city", "rome-train", "cityscapes-13", SplitPlan.Labels.NEEDED))
        .hasMessageContaining(
            "expected the label file Rome/Labels/Train/pano_00000_0_180_eval.png, found none"
                + " (Rome/Images/Train/pano_00000_0_180.png)")
        .hasMessageContaining("2 problems");
  }

  @Test
  void theSixPixelsOfCrossCityThatNoClassHasCanBeLackedByTheLabelSpace() {
    RunConfig.Domain domain =
        new RunConfig.Domain("cross-city", published.toString(), "rome-test", 64, 32);
    RunConfig.Data data =
        new RunConfig.Data(
            "cityscapes-19",
            List.of(domain),
            List.of(domain),
            domain,
            1,
            1,
            0,
            10_000,
            0,
            0,
            new Augmentation(false, 1, 1),
            Normalisation.CAFFE,
            RareClassSampling.NONE);

    assertThat(ResolvedData.of(data).classes().size()).isEqualTo(19);
  }

  @Test
  void foldersHoldTrainIdsOfWhateverLabelSpace() throws IOException {
    DatasetFixtures.folders(own, 8);
    Split split =
        SplitPlan.prepare(
                ResolvedData.dataset("folders"),
                new RunConfig.Domain("folders", own.toString(), "train", 64, 32),
                ResolvedData.labelSpace("synthetic-8"),
                SplitPlan.Labels.NEEDED,
                0,
                10_000,
                Normalisation.CAFFE,
                HADOOP)
            .open(HADOOP);

    assertThat(IntStream.range(0, split.size()).mapToObj(split::id))
        .containsExactly("images/train/a.JPG", "images/train/b.png", "images/train/c.d.jpeg");
    Map<Integer, Integer> same = new HashMap<>();
    IntStream.range(0, 8).forEach(i -> same.put(i, i));
    assertLabels(split.originalLabels(2), List.of(0, 1, 2, 3, 4, 5, 6, 7, IGNORE), 2, same);
  }

  @Test
  void foldersRefuseATrainIdThatTheLabelSpaceLacks() throws IOException {
    DatasetFixtures.folders(own, 9);
    Split split =
        SplitPlan.prepare(
                ResolvedData.dataset("folders"),
                new RunConfig.Domain("folders", own.toString(), "val", 64, 32),
                ResolvedData.labelSpace("synthetic-8"),
                SplitPlan.Labels.NEEDED,
                0,
                10_000,
                Normalisation.CAFFE,
                HADOOP)
            .open(HADOOP);

    assertThatThrownBy(() -> split.labelled(0)).hasMessageContaining("found 8, first at row");
  }

  @Test
  void twoImagesOfOneLabelAreAProblem() throws IOException {
    DatasetFixtures.folders(own, 8);
    DatasetFixtures.write(own.resolve("images/train/a.png"), DatasetFixtures.picture(9, 48, 36));

    assertThatThrownBy(
            () ->
                FileIndex.list(
                    (org.adaptseg.config.data.DatasetDescription.Files)
                        ResolvedData.dataset("folders"),
                    own.toString(),
                    "train",
                    true,
                    HADOOP))
        .hasMessageContaining(
            "expected one image of a label, found images/train/a.JPG too (images/train/a.png)");
  }

  private static Map<Integer, Integer> synthia(String space) {
    Map<Integer, Integer> map = new HashMap<>();
    int[] trainIds = SYNTHIA.get(space);
    for (int id = 0; id < trainIds.length; id++) {
      if (trainIds[id] >= 0) {
        map.put(id, trainIds[id]);
      }
    }
    return map;
  }

  private static void assertLabels(
      LabelImage labels, List<Integer> ids, int number, Map<Integer, Integer> trainIds) {
    for (int y = 0; y < labels.height(); y++) {
      for (int x = 0; x < labels.width(); x++) {
        int raw = DatasetFixtures.idAt(ids, number, x, y);
        assertThat(labels.at(y, x))
            .as("raw id %d at row %d, column %d", raw, y, x)
            .isEqualTo(trainIds.getOrDefault(raw, IGNORE));
      }
    }
  }

  private static Split open(String dataset, String split, String space) throws IOException {
    return prepare(dataset, split, space, SplitPlan.Labels.NEEDED).open(HADOOP);
  }

  private static SplitPlan prepare(
      String dataset, String split, String space, SplitPlan.Labels labels) throws IOException {
    LabelSpace classes = ResolvedData.labelSpace(space);
    return SplitPlan.prepare(
        ResolvedData.dataset(dataset),
        new RunConfig.Domain(dataset, published.resolve(dataset).toString(), split, 64, 32),
        classes,
        labels,
        0,
        10_000,
        Normalisation.CAFFE,
        HADOOP);
  }
}
