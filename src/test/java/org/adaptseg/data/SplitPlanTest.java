package org.adaptseg.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.dataset.DatasetException;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.streets.StreetDomain;
import org.adaptseg.data.streets.SyntheticWriter;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitPlanTest {
  private static final Configuration HADOOP = new Configuration(false);
  private static final LabelSpace EIGHT = ResolvedData.labelSpace("synthetic-8");
  private static final long SEED = 6;

  @TempDir static Path shared;
  @TempDir Path own;

  @BeforeAll
  static void write() throws IOException {
    SyntheticWriter writer = new SyntheticWriter(HADOOP, SEED, 64, 32);
    writeSource(writer, shared.resolve("game"));
    writer.writeCityscapes(
        shared.resolve("street").toString(),
        new SyntheticWriter.Streets(StreetDomain.TARGET.appearance(), 100, 5),
        new SyntheticWriter.Streets(StreetDomain.TARGET.appearance(), 200, 2));
  }

  private static void writeSource(SyntheticWriter writer, Path root) throws IOException {
    writer.writeGta5(
        root.toString(), new SyntheticWriter.Streets(StreetDomain.SOURCE.appearance(), 0, 3));
  }

  @Test
  void whatIsWrittenInTheGta5LayoutIsReadBackEqual() throws IOException {
    Split drawn = drawn("source", StreetDomain.SOURCE, 0, 3);
    Split read = plan("gta5", shared.resolve("game"), "all").open(HADOOP);

    assertThat(read.size()).isEqualTo(3);
    assertThat(read.id(0)).isEqualTo("images/00001.png");
    assertSameSamples(read, drawn, new int[] {0, 1, 2});
  }

  @Test
  void whatIsWrittenInTheCityscapesLayoutIsReadBackEqual() throws IOException {
    Split train = plan("cityscapes", shared.resolve("street"), "train").open(HADOOP);
    Split val = plan("cityscapes", shared.resolve("street"), "val").open(HADOOP);

    assertThat(train.size()).isEqualTo(5);
    assertThat(val.size()).isEqualTo(2);
    assertThat(train.id(0))
        .isEqualTo("leftImg8bit/train/northtown/northtown_000000_000019_leftImg8bit.png");
    // Cities take turns, and the list is sorted by city.
    assertSameSamples(
        train, drawn("train", StreetDomain.TARGET, 100, 5), new int[] {0, 2, 4, 1, 3});
    assertSameSamples(val, drawn("val", StreetDomain.TARGET, 200, 2), new int[] {0, 1});
  }

  @Test
  void imagesAndTrainingLabelsAreResizedAndOriginalLabelsAreNot() throws IOException {
    SplitPlan plan =
        SplitPlan.prepare(
            ResolvedData.dataset("gta5"),
            new RunConfig.Domain("gta5", shared.resolve("game").toString(), "all", 48, 40),
            EIGHT,
            SplitPlan.Labels.NEEDED,
            0,
            10_000,
            Normalisation.CAFFE,
            HADOOP);
    Split split = plan.open(HADOOP);
    Sample.Labelled sample = split.labelled(1);
    assertThat(sample.image().width()).isEqualTo(48);
    assertThat(sample.image().height()).isEqualTo(40);
    assertThat(sample.labels().width()).isEqualTo(48);
    assertThat(split.originalLabels(1).width()).isEqualTo(64);
  }

  @Test
  void aPlanCanBeShipped() throws Exception {
    SplitPlan plan = plan("gta5", shared.resolve("game"), "all");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(plan);
    Object copy = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    assertThat(((SplitPlan) copy).open(HADOOP).labelled(0).labels().values())
        .isEqualTo(plan.open(HADOOP).labelled(0).labels().values());
  }

  @Test
  void aSplitPreparedWithoutLabelsNeedsNoLabelFilesAndGivesNone() throws IOException {
    Path root = copyOfGame();
    for (int i = 1; i <= 3; i++) {
      Files.delete(root.resolve("labels/0000" + i + ".png"));
    }
    SplitPlan plan =
        SplitPlan.prepare(
            ResolvedData.dataset("gta5"),
            domain(root, "all"),
            EIGHT,
            SplitPlan.Labels.UNUSED,
            0,
            10_000,
            Normalisation.CAFFE,
            HADOOP);
    Split split = plan.open(HADOOP);
    assertThat(split.unlabelled(2).image().width()).isEqualTo(64);
    assertThatThrownBy(() -> split.labelled(2)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aMissingRootIsOneProblemThatNamesIt() {
    Path root = own.resolve("nowhere");
    DatasetException error =
        catchThrowableOfType(DatasetException.class, () -> plan("gta5", root, "all"));
    assertThat(error.problems())
        .singleElement()
        .asString()
        .contains("expected the directory of the dataset, found none")
        .contains(root.toString());
  }

  @Test
  void aRootWithoutImagesIsAProblem() {
    assertThatThrownBy(() -> plan("gta5", own, "all"))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("split all of dataset gta5")
        .hasMessageContaining("expected images images/*.png, found none");
  }

  @Test
  void allImagesWithoutLabelAndEmptyFilesAreReportedTogether() throws IOException {
    Path root = copyOfGame();
    Files.delete(root.resolve("labels/00001.png"));
    Files.delete(root.resolve("labels/00003.png"));
    Files.write(root.resolve("images/00002.png"), new byte[0]);
    DatasetException error =
        catchThrowableOfType(DatasetException.class, () -> plan("gta5", root, "all"));
    assertThat(error.problems())
        .containsExactly(
            "expected the label file labels/00001.png, found none (images/00001.png)",
            "expected an image, found an empty file (images/00002.png)",
            "expected the label file labels/00003.png, found none (images/00003.png)");
  }

  @Test
  void missingNumbersAreNoProblem() throws IOException {
    Path root = copyOfGame();
    Files.delete(root.resolve("images/00002.png"));
    Files.delete(root.resolve("labels/00002.png"));
    Split split = plan("gta5", root, "all").open(HADOOP);
    assertThat(split.size()).isEqualTo(2);
    assertThat(split.id(1)).isEqualTo("images/00003.png");
  }

  @Test
  void aRootMayHoldCharactersThatGlobsInterpret() throws IOException {
    Path root = own.resolve("a {b} [c] é");
    writeSource(new SyntheticWriter(HADOOP, SEED, 64, 32), root);
    assertThat(plan("gta5", root, "all").open(HADOOP).labelled(0).id())
        .isEqualTo("images/00001.png");
  }

  @Test
  void anUnknownLabelValueIsAnErrorThatNamesValueAndFile() throws IOException {
    Path root = copyOfGame();
    BufferedImage unknown = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    unknown.getRaster().setSample(1, 0, 0, 99);
    ImageIO.write(unknown, "png", root.resolve("labels/00001.png").toFile());
    Split split = plan("gta5", root, "all").open(HADOOP);
    assertThatThrownBy(() -> split.labelled(0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected ids of the label map of gta5")
        .hasMessageContaining("labels/00001.png");
  }

  @Test
  void probingFindsEveryFileThatIsNoImage() throws IOException {
    Path root = copyOfGame();
    Files.writeString(root.resolve("images/00001.png"), "text");
    Files.writeString(root.resolve("labels/00002.png"), "text");
    FileSplit split = (FileSplit) plan("gta5", root, "all").open(HADOOP);
    assertThat(split.probe())
        .hasSize(2)
        .satisfiesExactly(
            first -> assertThat(first).contains("images/00001.png"),
            second -> assertThat(second).contains("labels/00002.png"));
  }

  @Test
  void anUnfinishedDatasetIsRefused() throws IOException {
    Path root = copyOfGame();
    Files.createFile(root.resolve("_INCOMPLETE"));
    assertThatThrownBy(() -> plan("gta5", root, "all"))
        .hasMessageContaining("expected a finished dataset");
  }

  @Test
  void writingIntoADirectoryWithFilesIsRefusedAndTouchesNothing() throws IOException {
    Files.writeString(own.resolve("thesis.txt"), "mine");
    SyntheticWriter writer = new SyntheticWriter(HADOOP, SEED, 64, 32);
    assertThatThrownBy(() -> writeSource(writer, own))
        .hasMessageContaining("expected a directory that is new or empty");
    try (Stream<Path> left = Files.list(own)) {
      assertThat(left.map(p -> p.getFileName().toString())).containsExactly("thesis.txt");
    }
  }

  @Test
  void nothingButTheLayoutsFilesIsWritten() throws IOException {
    try (Stream<Path> all = Files.walk(shared.resolve("game"))) {
      assertThat(all.filter(Files::isRegularFile).map(p -> p.getFileName().toString()))
          .hasSize(6)
          .allMatch(name -> name.matches("0000[123]\\.png"));
    }
  }

  @Test
  void aFailedWriteLeavesNothing() {
    SyntheticWriter tooSmall = new SyntheticWriter(HADOOP, SEED, 8, 8);
    Path root = own.resolve("failed");
    assertThatThrownBy(() -> writeSource(tooSmall, root)).hasMessageContaining("found 8x8");
    assertThat(root).doesNotExist();
  }

  @Test
  void shippedSyntheticSplitsShareNoStreet() throws IOException {
    Set<String> layouts = new HashSet<>();
    int count = 0;
    for (String dataset : new String[] {"synthetic-source", "synthetic-target"}) {
      for (String name : new String[] {"train", "val"}) {
        Split split = plan(dataset, Path.of(""), name).open(HADOOP);
        for (int i = 0; i < 5; i++, count++) {
          layouts.add(Arrays.toString(split.originalLabels(i).values()));
        }
      }
    }
    assertThat(layouts).hasSize(count);
  }

  @Test
  void drawnLabelsFollowTheLabelSpace() throws IOException {
    LabelSpace nineteen = ResolvedData.labelSpace("cityscapes-19");
    Split split =
        new SyntheticSplit(
            "s",
            StreetDomain.SOURCE.appearance(),
            nineteen,
            SEED,
            0,
            1,
            64,
            32,
            Normalisation.CAFFE,
            Image.Form.VALUES);
    Set<Integer> ids = new HashSet<>();
    for (byte id : split.originalLabels(0).values()) {
      ids.add(id & 0xFF);
    }
    // road, sidewalk, building, pole, vegetation, sky, person, car
    assertThat(Set.of(0, 1, 2, 5, 8, 10, 11, 13)).containsAll(ids);
    assertThat(ids).contains(0, 2, 13);
  }

  @Test
  void aCacheGivesWhatTheSplitGives() throws IOException {
    Split drawn = drawn("source", StreetDomain.SOURCE, 0, 3);
    try (CachedSplit cached = new CachedSplit(drawn, new SampleCache(2))) {
      assertThat(cached.labelled(1)).isSameAs(cached.labelled(1));
      assertThat(cached.labelled(1).image().chw()).isEqualTo(drawn.labelled(1).image().chw());
      assertThat(cached.unlabelled(1).image().chw()).isEqualTo(drawn.labelled(1).image().chw());
      Sample.Labelled first = cached.labelled(1);
      cached.labelled(0);
      cached.labelled(2);
      assertThat(cached.labelled(1)).isNotSameAs(first); // two newer ones pushed it out
    }
  }

  private static void assertSameSamples(Split read, Split drawn, int[] order) throws IOException {
    for (int i = 0; i < order.length; i++) {
      Sample.Labelled expected = drawn.labelled(order[i]);
      assertThat(read.labelled(i).image().chw()).isEqualTo(expected.image().chw());
      assertThat(read.labelled(i).labels().values()).isEqualTo(expected.labels().values());
      assertThat(read.unlabelled(i).image().chw()).isEqualTo(expected.image().chw());
      assertThat(read.originalLabels(i).values()).isEqualTo(expected.labels().values());
    }
  }

  private static Split drawn(String name, StreetDomain domain, long offset, int size) {
    return new SyntheticSplit(
        name,
        domain.appearance(),
        EIGHT,
        SEED,
        offset,
        size,
        64,
        32,
        Normalisation.CAFFE,
        Image.Form.VALUES);
  }

  private static RunConfig.Domain domain(Path root, String split) {
    return new RunConfig.Domain("any", root.toString(), split, 64, 32);
  }

  private static SplitPlan plan(String dataset, Path root, String split) throws DatasetException {
    return SplitPlan.prepare(
        ResolvedData.dataset(dataset),
        domain(root, split),
        EIGHT,
        SplitPlan.Labels.NEEDED,
        SEED,
        10_000,
        Normalisation.CAFFE,
        HADOOP);
  }

  private Path copyOfGame() throws IOException {
    Path copy = own.resolve("game");
    try (Stream<Path> all = Files.walk(shared.resolve("game"))) {
      for (Path from : all.toList()) {
        Files.copy(from, copy.resolve(shared.resolve("game").relativize(from).toString()));
      }
    }
    return copy;
  }
}
