package org.adaptseg.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.data.dataset.SampleProblem.Kind;
import org.adaptseg.data.image.ImageDecoder;
import org.adaptseg.data.image.LabelReading;
import org.adaptseg.testing.DatasetFixtures;
import org.adaptseg.testing.Fuzz;
import org.adaptseg.testing.PngChunk;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleInspectorTest {
  private static final Configuration HADOOP = new Configuration(false);
  private static final DatasetDescription.Files GTA5 =
      (DatasetDescription.Files) ResolvedData.dataset("gta5");

  @TempDir Path root;

  @BeforeEach
  void write() throws IOException {
    DatasetFixtures.gta5(root);
  }

  @Test
  void aGoodSampleHasSizesChecksumsAndTheCountsOfItsIds() throws IOException {
    ManifestRow row = rows(10_000).get(0);

    assertThat(row.image()).isEqualTo("images/00001.png");
    assertThat(row.label()).isEqualTo("labels/00001.png");
    assertThat(row.imageBytes()).isEqualTo(Files.size(root.resolve("images/00001.png")));
    assertThat(row.imageSha256()).matches("[0-9a-f]{64}").isNotEqualTo(row.labelSha256());
    assertThat(List.of(row.width(), row.height(), row.labelWidth(), row.labelHeight()))
        .containsExactly(40, 20, 40, 20);
    long[] counts = new long[34];
    for (int y = 0; y < 20; y++) {
      for (int x = 0; x < 40; x++) {
        counts[DatasetFixtures.idAt(DatasetFixtures.CITYSCAPES_IDS, 0, x, y)]++;
      }
    }
    assertThat(row.histogram()).hasSize(34);
    row.histogram().forEach((id, count) -> assertThat(count).isEqualTo(counts[id]));
    assertThat(row.problems()).isEmpty();
  }

  @Test
  void everyKindOfProblemIsFoundWithTheFileThatHasIt() throws IOException {
    Path images = root.resolve("images");
    Path labels = root.resolve("labels");
    // 00001: a damaged image. 00003: text for a label. 00010: a label of another size.
    byte[] whole = Files.readAllBytes(images.resolve("00001.png"));
    Files.write(images.resolve("00001.png"), Arrays.copyOf(whole, whole.length / 2));
    Files.writeString(labels.resolve("00003.png"), "text");
    Files.copy(root.resolve("labels/00010.png"), labels.resolve("00011.png")); // without image
    Files.delete(labels.resolve("00010.png"));
    DatasetFixtures.write(images.resolve("00020.png"), DatasetFixtures.picture(7, 30, 20));
    DatasetFixtures.write(
        labels.resolve("00020.png"),
        DatasetFixtures.grey(DatasetFixtures.CITYSCAPES_IDS, 7, 30, 22));
    DatasetFixtures.write(images.resolve("00021.png"), DatasetFixtures.picture(8, 30, 20));
    DatasetFixtures.write(
        labels.resolve("00021.png"), DatasetFixtures.grey(List.of(7, 77, 200), 8, 30, 20));
    DatasetFixtures.write(images.resolve("00022.png"), DatasetFixtures.picture(9, 200, 100));
    DatasetFixtures.write(
        labels.resolve("00022.png"), DatasetFixtures.grey(List.of(7), 9, 200, 100));
    Files.write(images.resolve("00023.png"), new byte[0]);
    DatasetFixtures.write(labels.resolve("00023.png"), DatasetFixtures.grey(List.of(7), 9, 9, 9));

    List<ManifestRow> rows = rows(10_000);

    assertThat(rows)
        .extracting(
            row -> row.id() + " " + row.problems().stream().map(p -> p.kind().key()).toList())
        .containsExactly(
            "images/00001.png [undecodable-image]",
            "images/00003.png [undecodable-label]",
            "images/00010.png [no-label]",
            "images/00020.png [size-mismatch]",
            "images/00021.png [unknown-label-value]",
            "images/00022.png [too-large-image, too-large-label]",
            "images/00023.png [undecodable-image]",
            "labels/00011.png [no-image]");
    assertThat(rows.get(3).problems().get(0).text())
        .isEqualTo("expected a label of 30x20 like its image, found 30x22 (labels/00020.png)");
    assertThat(rows.get(4).problems().get(0).text())
        .isEqualTo("expected ids of the label map, found 77, 200 (labels/00021.png)");
    assertThat(rows.get(5).problems().get(0).text())
        .isEqualTo("expected at most 10000 pixels, found 200x100 (images/00022.png)");
    assertThat(rows.get(0).problems().get(0).text()).contains("images/00001.png");
  }

  @Test
  void aTurnedPictureIsTheReasonWhyItsUprightLabelDoesNotFit() throws IOException {
    Path images = root.resolve("images");
    for (int orientation : new int[] {1, 3, 6, 8}) {
      String name = "0003%d.png".formatted(orientation);
      DatasetFixtures.write(images.resolve(name), DatasetFixtures.picture(7, 64, 48));
      turn(images.resolve(name), orientation);
      DatasetFixtures.write(
          root.resolve("labels").resolve(name), DatasetFixtures.grey(List.of(7), 7, 48, 64));
    }

    List<SampleProblem> problems =
        rows(10_000).stream().flatMap(row -> row.problems().stream()).toList();

    assertThat(problems).extracting(SampleProblem::kind).containsOnly(Kind.SHAPE_MISMATCH);
    assertThat(problems)
        .extracting(SampleProblem::text)
        .containsExactly(
            "expected a label of 64x48 like its image, found 48x64 (labels/00031.png)",
            "expected a label of 64x48 like its image, found 48x64 (labels/00033.png)",
            "expected a label of 64x48 like its image, found 48x64; the image's EXIF orientation"
                + " (6, to be turned by 90 degrees) turns it for viewers, but pixels are read as"
                + " stored: store both turned, or both unturned (labels/00036.png)",
            "expected a label of 64x48 like its image, found 48x64; the image's EXIF orientation"
                + " (8, to be turned by 270 degrees) turns it for viewers, but pixels are read as"
                + " stored: store both turned, or both unturned (labels/00038.png)");
  }

  @Test
  void aTagOfTheLabelAloneIsSaidAndOneOfBothIsNot() throws IOException {
    for (String name : List.of("00041.png", "00042.png", "00043.png")) {
      DatasetFixtures.write(
          root.resolve("images").resolve(name), DatasetFixtures.picture(7, 40, 40));
      DatasetFixtures.write(
          root.resolve("labels").resolve(name), DatasetFixtures.grey(List.of(7), 7, 40, 40));
    }
    turn(root.resolve("labels/00041.png"), 3);
    turn(root.resolve("labels/00042.png"), 6);
    turn(root.resolve("images/00042.png"), 6);
    DatasetFixtures.write(
        root.resolve("labels/00043.png"), DatasetFixtures.grey(List.of(7), 7, 20, 40));
    turn(root.resolve("labels/00043.png"), 8);

    List<String> turned = new java.util.ArrayList<>();
    List<SampleProblem> problems = new java.util.ArrayList<>();
    for (SplitListing.Item item :
        SplitListing.of(GTA5, root.toString(), "all", true, HADOOP).items()) {
      if (item.image().contains("0004")) {
        problems.addAll(inspector(10_000).inspect(item, turned::add).problems());
      }
    }

    assertThat(turned).containsExactly("labels/00041.png: 3, to be turned by 180 degrees");
    assertThat(problems)
        .extracting(SampleProblem::text)
        .containsExactly(
            "expected a label of 40x40 like its image, found 20x40; the label's EXIF orientation"
                + " (8, to be turned by 270 degrees) turns it for viewers, but pixels are read as"
                + " stored: store both turned, or both unturned (labels/00043.png)");
  }

  private static void turn(Path png, int orientation) throws IOException {
    byte[] exif = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0};
    exif[19] = (byte) orientation;
    byte[] file = Files.readAllBytes(png);
    Files.write(png, Fuzz.splice(file, 33, 33, PngChunk.of("eXIf", exif)));
  }

  @Test
  void shapesInTheAlphaChannelAloneAreNamedAsTheReason() throws IOException {
    BufferedImage mask = new BufferedImage(40, 20, BufferedImage.TYPE_4BYTE_ABGR);
    for (int i = 0; i < 800; i++) {
      mask.setRGB(i % 40, i / 40, (i % 40 < 20 ? 0xFF000000 : 0) | 0x070707);
    }
    DatasetFixtures.write(root.resolve("labels/00001.png"), mask);

    SampleProblem problem = rows(10_000).get(0).problems().get(0);

    assertThat(problem.kind()).isEqualTo(Kind.LABEL_COLOURS);
    assertThat(problem.text())
        .contains("found 7 all over and shapes in the alpha channel alone", "(labels/00001.png)");
  }

  @Test
  void aLabelOfColoursIsRefusedAndOneOfEqualChannelsIsNot() throws IOException {
    DatasetFixtures.write(root.resolve("labels/00001.png"), DatasetFixtures.picture(7, 40, 20));
    BufferedImage grey = new BufferedImage(40, 20, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < 800; i++) {
      grey.setRGB(i % 40, i / 40, 0x070707);
    }
    DatasetFixtures.write(root.resolve("labels/00003.png"), grey);

    List<ManifestRow> rows = rows(10_000);

    assertThat(rows.get(0).problems()).hasSize(1);
    assertThat(rows.get(0).problems().get(0).kind()).isEqualTo(Kind.LABEL_COLOURS);
    assertThat(rows.get(0).problems().get(0).text())
        .contains("found a picture of colours")
        .contains("labels: first-channel")
        .contains("labels: colours")
        .contains("(labels/00001.png)");
    assertThat(rows.get(1).problems())
        .extracting(SampleProblem::kind)
        .containsOnly(Kind.SIZE_MISMATCH);
    assertThat(rows.get(1).histogram()).isEqualTo(Map.of(7, 800L));
  }

  @Test
  void aFileThatGoesAwayIsAFaultOfTheStoreAndNoPropertyOfTheSample() throws IOException {
    SplitListing listing = SplitListing.of(GTA5, root.toString(), "all", true, HADOOP);
    Files.delete(root.resolve("images/00003.png"));
    SampleInspector inspector = inspector(10_000);

    assertThatThrownBy(() -> inspector.inspect(listing.items().get(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Cannot read")
        .hasMessageContaining("images/00003.png");
  }

  @Test
  void withoutLabelsOnlyImagesAreRead() throws IOException {
    Files.writeString(root.resolve("labels/00001.png"), "text");
    SplitListing listing = SplitListing.of(GTA5, root.toString(), "all", false, HADOOP);

    ManifestRow row = inspector(10_000).inspect(listing.items().get(0));

    assertThat(row.problems()).isEmpty();
    assertThat(row.label()).isEmpty();
    assertThat(row.histogram()).isEmpty();
  }

  @Test
  void neighboursOfLabelsAreNotTakenForLabelsWithoutImage() throws IOException {
    Path cityscapes = root.resolve("cs");
    DatasetFixtures.cityscapes(cityscapes);
    DatasetFixtures.write(
        cityscapes.resolve("gtFine/train/aachen/aachen_000009_000019_gtFine_labelIds.png"),
        DatasetFixtures.grey(List.of(7), 1, 8, 8));

    SplitListing listing =
        SplitListing.of(
            (DatasetDescription.Files) ResolvedData.dataset("cityscapes"),
            cityscapes.toString(),
            "train",
            true,
            HADOOP);

    assertThat(listing.items()).hasSize(3);
    assertThat(listing.items().get(2).label())
        .isEqualTo("gtFine/train/aachen/aachen_000009_000019_gtFine_labelIds.png");
    assertThat(listing.items().get(2).problems())
        .extracting(SampleProblem::kind)
        .containsExactly(Kind.NO_IMAGE);
  }

  private List<ManifestRow> rows(long maxPixels) throws IOException {
    SampleInspector inspector = inspector(maxPixels);
    List<ManifestRow> rows = new java.util.ArrayList<>();
    for (SplitListing.Item item :
        SplitListing.of(GTA5, root.toString(), "all", true, HADOOP).items()) {
      rows.add(inspector.inspect(item));
    }
    return rows;
  }

  private SampleInspector inspector(long maxPixels) throws IOException {
    Set<Integer> known = GTA5.labelMap().keySet();
    return new SampleInspector(
        root.toString(), known, new LabelReading.Values(), new ImageDecoder(maxPixels), HADOOP);
  }
}
