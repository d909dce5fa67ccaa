package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.data.Augmentation;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.config.data.RareClassSampling;
import org.adaptseg.config.yaml.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolvedDataTest {
  private static final DatasetDescription.Files GTA5 =
      (DatasetDescription.Files) ResolvedData.dataset("gta5");
  private static final DatasetDescription.Files CITYSCAPES =
      (DatasetDescription.Files) ResolvedData.dataset("cityscapes");

  @Test
  void cityscapesTrainIdsAreTheOfficialOnes() {
    LabelSpace space = ResolvedData.labelSpace("cityscapes-19");
    Map<Integer, Integer> ids = CITYSCAPES.trainIds(space);

    assertThat(ids).hasSize(34).containsEntry(7, 0).containsEntry(8, 1).containsEntry(11, 2);
    assertThat(ids).containsEntry(12, 3).containsEntry(13, 4).containsEntry(17, 5);
    assertThat(ids).containsEntry(19, 6).containsEntry(20, 7).containsEntry(21, 8);
    assertThat(ids).containsEntry(22, 9).containsEntry(23, 10).containsEntry(24, 11);
    assertThat(ids).containsEntry(25, 12).containsEntry(26, 13).containsEntry(27, 14);
    assertThat(ids).containsEntry(28, 15).containsEntry(31, 16).containsEntry(32, 17);
    assertThat(ids).containsEntry(33, 18).containsEntry(0, 255).containsEntry(29, 255);
    assertThat(ids.values().stream().filter(id -> id == 255)).hasSize(15);
    assertThat(space.classes().get(18))
        .isEqualTo(new LabelSpace.ClassLabel("bicycle", List.of(119, 11, 32)));
  }

  @Test
  void gta5HasTheMapOfCityscapes() {
    LabelSpace space = ResolvedData.labelSpace("cityscapes-19");

    assertThat(GTA5.trainIds(space)).containsAllEntriesOf(CITYSCAPES.trainIds(space));
  }

  @Test
  void aClassThatTheLabelSpaceLacksIsIgnored() {
    LabelSpace streets = ResolvedData.labelSpace("synthetic-8");

    assertThat(CITYSCAPES.trainIds(streets))
        .containsEntry(7, 0)
        .containsEntry(17, 7)
        .containsEntry(26, 6)
        .containsEntry(12, 255);
    assertThat(streets.names())
        .containsExactly(
            "road", "sidewalk", "building", "vegetation", "sky", "person", "car", "pole");
  }

  @Test
  void labelsAreFoundFromImages() {
    assertThat(GTA5.labelOf("images/00001.png")).isEqualTo("labels/00001.png");
    assertThat(CITYSCAPES.labelOf("leftImg8bit/val/lindau/lindau_000000_000019_leftImg8bit.png"))
        .isEqualTo("gtFine/val/lindau/lindau_000000_000019_gtFine_labelIds.png");
    assertThatThrownBy(() -> CITYSCAPES.labelOf("leftImg8bit/val/a.png"))
        .hasMessageContaining("expected '_leftImg8bit.png' in its path");
  }

  @Test
  void ofSeveralTextsTheOneThatStandsLastIsReplaced() {
    DatasetDescription.Replacement ending =
        new DatasetDescription.Replacement(".jpg|.png", "_eval.png");

    assertThat(ending.apply("a/b.jpg")).hasValue("a/b_eval.png");
    assertThat(ending.apply("a.png/b.jpg.png")).hasValue("a.png/b.jpg_eval.png");
    assertThat(ending.apply("a/b.tif")).isEmpty();
    assertThatThrownBy(() -> new DatasetDescription.Replacement(".jpg||.png", "x"))
        .hasMessageContaining("replace: expected texts with one | between them");
  }

  @Test
  void aDescriptionWithoutLabelMapHoldsTrainIds() {
    DatasetDescription.Files folders = (DatasetDescription.Files) ResolvedData.dataset("folders");
    LabelSpace space = ResolvedData.labelSpace("synthetic-8");

    assertThat(folders.holdsTrainIds()).isTrue();
    assertThat(GTA5.holdsTrainIds()).isFalse();
    assertThat(folders.trainIds(space)).hasSize(9).containsEntry(7, 7).containsEntry(255, 255);
  }

  @Test
  void trainIdFilesNameTheirIgnoredValuesInTheLabelMap() {
    DatasetDescription.Files files = trainIdFiles(Map.of(250, "ignore", 254, "ignore"));
    LabelSpace space = ResolvedData.labelSpace("synthetic-8");

    assertThat(files.holdsTrainIds()).isTrue();
    assertThat(files.trainIds(space))
        .hasSize(10)
        .containsEntry(7, 7)
        .containsEntry(250, 255)
        .containsEntry(254, 255)
        .doesNotContainKey(255);
  }

  @Test
  void anIgnoredValueThatIsATrainIdIsRefused(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("mine.yaml");
    Files.writeString(
        file,
        """
        kind: files
        name: mine
        splits: {all: '*.png'}
        label-path: [{replace: .png, with: _label.png}]
        label-map: {7: ignore, 8: ignore}
        """);
    String source = "{dataset: " + file + ", root: data, split: all, width: 64, height: 32}";

    assertThatThrownBy(
            () ->
                ConfigLoader.load(
                    Files.readString(Path.of("conf/demo.yaml")),
                    "demo.yaml",
                    List.of("data.source=" + source)))
        .hasMessageContaining(
            "data.source, label-map: expected ignored values beyond the train ids 0 to 7 of"
                + " synthetic-8, found [7]");
  }

  @Test
  void aLabelSpaceThatNamesAnIgnoredValueIsRefused(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("space.yaml");
    Files.writeString(
        file,
        """
        name: mine
        classes: [{name: road, rgb: [1, 2, 3]}, {name: car, rgb: [1, 2, 4]}]
        ignore: 250
        """);

    assertThatThrownBy(() -> ResolvedData.labelSpace(file.toString()))
        .hasMessageContaining(
            "ignore: expected no such key (ignored values are named in the dataset's label-map),"
                + " found ignore");
  }

  private static DatasetDescription.Files trainIdFiles(Map<Integer, String> ignored) {
    return new DatasetDescription.Files(
        "mine",
        Map.of("all", "*.png"),
        List.of(new DatasetDescription.Replacement(".png", "_label.png")),
        ignored,
        List.of());
  }

  @Test
  void smallerLabelSpacesKeepOrderAndColoursOfTheNineteen() {
    LabelSpace nineteen = ResolvedData.labelSpace("cityscapes-19");
    List<Integer> thirteen = List.of(0, 1, 2, 6, 7, 8, 10, 11, 12, 13, 15, 17, 18);
    List<Integer> sixteen = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 15, 17, 18);

    assertThat(ResolvedData.labelSpace("cityscapes-13").classes())
        .isEqualTo(thirteen.stream().map(nineteen.classes()::get).toList());
    assertThat(ResolvedData.labelSpace("cityscapes-16").classes())
        .isEqualTo(sixteen.stream().map(nineteen.classes()::get).toList());
  }

  @Test
  void noTwoDrawnSplitsShareAnImage() {
    List<DatasetDescription.Drawn> splits =
        List.of("synthetic-source", "synthetic-target").stream()
            .map(name -> (DatasetDescription.Synthetic) ResolvedData.dataset(name))
            .flatMap(dataset -> dataset.splits().values().stream())
            .sorted((a, b) -> Long.compare(a.offset(), b.offset()))
            .toList();

    assertThat(splits).hasSize(4);
    for (int i = 1; i < splits.size(); i++) {
      assertThat(splits.get(i).offset())
          .isGreaterThanOrEqualTo(splits.get(i - 1).offset() + splits.get(i - 1).count());
    }
  }

  @Test
  void descriptionsAndLabelSpacesCanBeFiles(@TempDir Path directory) throws IOException {
    Path space = directory.resolve("two.yaml");
    Files.writeString(
        space,
        """
        name: two
        classes: [{name: road, rgb: [1, 2, 3]}, {name: lamp, rgb: [4, 5, 6]}]
        """);
    Path dataset = directory.resolve("own set.yaml");
    Files.writeString(
        dataset,
        """
        kind: files
        name: own
        splits: {train: "*.jpg"}
        label-path: [{replace: .jpg, with: .png}]
        label-map: {0: ignore, 1: road}
        lacks: [lamp]
        """);
    RunConfig.Domain domain = new RunConfig.Domain(dataset.toString(), "root", "train", 64, 64);

    ResolvedData data =
        ResolvedData.of(
            new RunConfig.Data(
                space.toString(),
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
                RareClassSampling.NONE));

    assertThat(data.classes().names()).containsExactly("road", "lamp");
    assertThat(((DatasetDescription.Files) data.source().get(0)).trainIds(data.classes()))
        .isEqualTo(Map.of(0, 255, 1, 0));
  }

  @Test
  void aBadDescriptionIsReportedWithTheKeyThatNamesIt(@TempDir Path directory) throws IOException {
    Path dataset = directory.resolve("bad.yaml");
    Files.writeString(
        dataset,
        """
        kind: files
        name: own
        splits: {train: ../*.jpg}
        label-path: []
        label-map: {-1: road}
        """);

    assertThatThrownBy(() -> ResolvedData.dataset(dataset.toString()))
        .hasMessageContaining("splits: expected globs below the root")
        .hasMessageContaining("label-path: expected at least one replacement, found none")
        .hasMessageContaining("label-map: expected raw ids from 0 to 65535, found [-1]")
        .hasMessageContaining("bad.yaml line 5");
    assertThatThrownBy(() -> ResolvedData.dataset(directory.resolve("none.yaml").toString()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data.dataset: expected a readable file");
  }

  @Test
  void aLabelSpaceWithTwoClassesOfOneNameIsRefused() {
    assertThatThrownBy(
            () ->
                new LabelSpace(
                    "a",
                    List.of(
                        new LabelSpace.ClassLabel("road", List.of(1, 2, 3)),
                        new LabelSpace.ClassLabel("road", List.of(1, 2, 4)))))
        .hasMessage(
            "Cannot make a LabelSpace: classes: expected each entry once, found again [road]");
  }

  @Test
  void whatWorkersNeedCanBeShippedToThem() throws IOException {
    try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      out.writeObject(GTA5);
      out.writeObject(ResolvedData.dataset("synthetic-source"));
      out.writeObject(ResolvedData.labelSpace("cityscapes-19"));
    }
  }
}
