package org.adaptseg.data.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.adaptseg.data.dataset.DatasetException;
import org.adaptseg.testing.OddFolder;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionInputTest {
  private static final Configuration HADOOP = new Configuration(false);

  @TempDir Path directory;

  private void touch(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "x");
  }

  private PredictionInput of(String name) throws IOException {
    return PredictionInput.of(
        directory.resolve(name).toString(), directory.resolve("out").toString(), HADOOP);
  }

  @Test
  void aFolderGivesItsImagesAtAnyDepthByTheirPaths() throws IOException {
    touch("in/berlin/berlin_000000_000019_leftImg8bit.png");
    touch("in/a b/u.JPG");
    touch("in/notes.txt");
    touch("in/_temporary/x.png");
    touch("in/.hidden/y.png");

    assertThat(of("in").images())
        .extracting(PredictionInput.Item::name)
        .containsExactly("a b/u.png", "berlin/berlin_000000_000019_leftImg8bit.png");
  }

  @Test
  void namesAsCamerasWriteThemAreImages() throws IOException {
    touch("in/IMG_0001.JPG");
    touch("in/_MG_0002.JPG");
    touch("in/_DSC0003.Jpg");
    touch("in/__.jPeG");
    touch("in/_roll 1/_DSC0004.PNG");

    assertThat(of("in").images())
        .extracting(PredictionInput.Item::name)
        .containsExactly(
            "IMG_0001.png", "_DSC0003.png", "_MG_0002.png", "__.png", "_roll 1/_DSC0004.png");
  }

  @Test
  void aListGivesRelativePathsFromItsFolderAndAbsoluteOnesByName() throws IOException {
    touch("elsewhere/far.jpeg");
    Files.writeString(
        directory.resolve("images.txt"),
        "# comment\n\n in/near.png \r\n" + directory.resolve("elsewhere/far.jpeg") + "\n");

    PredictionInput input = of("images.txt");

    assertThat(input.images())
        .extracting(PredictionInput.Item::name)
        .containsExactly("far.png", "in/near.png");
    assertThat(input.images().get(1).path()).endsWith(directory + "/in/near.png");
  }

  @Test
  void everyNameThatAStoreAllowsIsAnImageAndWhatSystemsLeaveIsNone() throws IOException {
    OddFolder.write(directory.resolve("in"), OddFolder.NAMES, new byte[1]);
    OddFolder.write(directory.resolve("in/below"), OddFolder.LEFT, new byte[1]);
    OddFolder.link(directory.resolve("in/below"));

    PredictionInput input = of("in");

    assertThat(input.images())
        .extracting(PredictionInput.Item::name)
        .containsExactlyElementsOf(OddFolder.NAMES);
    for (PredictionInput.Item item : input.images()) {
      assertThat(new org.apache.hadoop.fs.Path(item.path()).toUri().getPath())
          .isEqualTo(directory + "/in/" + item.name());
    }
    assertThat(input.problems())
        .containsExactly(
            "expected a file that can be read, found none by that name (below/broken.png)");
    assertThat(input.leftOut().describe())
        .startsWith("13 were not taken: 8 hidden or of the system (below/.DS_Store,");
  }

  @Test
  void aPictureIsPredictedByItself() throws IOException {
    touch("in/One Picture.JPG");
    Files.write(directory.resolve("noEnding"), new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF});

    assertThat(of("in/One Picture.JPG").images())
        .extracting(PredictionInput.Item::name)
        .containsExactly("One Picture.png");
    assertThat(of("noEnding").images())
        .extracting(PredictionInput.Item::name)
        .containsExactly("noEnding.png");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
  void aListMayBeWrittenByAnotherSystem(String charset) throws IOException {
    String text = "\uFEFF# of Windows\r\nin/a.png  \r\n\r\n\tin/b c.jpg\r\nin/d:e.png";
    Files.write(directory.resolve("list.txt"), text.getBytes(Charset.forName(charset)));

    assertThat(of("list.txt").images())
        .extracting(PredictionInput.Item::name)
        .containsExactly("in/a.png", "in/b c.png", "in/d:e.png");
  }

  @Test
  void pathsOfOtherSystemsInAListAreNamed() throws IOException {
    Files.writeString(
        directory.resolve("list.txt"),
        "in\\a.png\nC:\\x\\b.png\nok.png\n~joe/c.png\n$HOME/d.png\n");

    assertThatThrownBy(() -> of("list.txt"))
        .hasMessageContaining("4 problems")
        .hasMessageContaining("found 'in\\a.png' with backslashes, as Windows writes them")
        .hasMessageContaining("found 'C:\\x\\b.png', which is one of Windows")
        .hasMessageContaining("'~joe/c.png'")
        .hasMessageContaining("'$HOME/d.png'")
        .hasMessageContaining("line 5");
  }

  @Test
  void whatIsNeitherPictureNorListIsNamed() throws IOException {
    Files.write(directory.resolve("list.bin"), new byte[] {'a', 0, 'b'});

    assertThatThrownBy(() -> of("list.bin")).hasMessageContaining("found a file that is neither");
  }

  @Test
  void imagesThatDifferInTheirEndingKeepItInTheNamesOfTheirPredictions() throws IOException {
    for (String name : List.of("a.png", "a.jpg", "a.jpg.JPEG", "b.jpg", "c/a.png")) {
      touch("in/" + name);
    }

    assertThat(of("in").images())
        .extracting(item -> Path.of(item.path()).getFileName() + " " + item.name())
        .containsExactlyInAnyOrder(
            "a.png a.png.png",
            "a.jpg a.jpg.png",
            "a.jpg.JPEG a.jpg.JPEG.png",
            "b.jpg b.png",
            "a.png c/a.png");
  }

  @Test
  void whatLeadsToNoStoreIsNamedByItsLine() throws IOException {
    Files.writeString(
        directory.resolve("list.txt"), "a.png\ns3://b/c.png\nhttps://example.com/d.png\n\u001A");

    assertThatThrownBy(() -> of("list.txt"))
        .hasMessageContaining("outside EMR, s3:// is written s3a:// (s3://b/c.png)")
        .hasMessageContaining("list.txt line 2")
        .hasMessageContaining("found a web address; download the file (https://example.com/d.png)")
        .hasMessageNotContaining("line 4");
  }

  @Test
  void anImageThatAListNamesTwiceIsPredictedOnceAndCounted() throws IOException {
    Files.writeString(
        directory.resolve("list.txt"),
        "in/a.png\nb.png\n./in//a.png\n" + directory.resolve("in/a.png") + "\nb.png\n");

    assertThat(of("list.txt").images())
        .extracting(PredictionInput.Item::name)
        .containsExactly("b.png", "in/a.png");
    assertThat(of("list.txt").leftOut().describe())
        .startsWith("3 were not taken: 3 named before in the list (./in//a.png, ")
        .endsWith(", b.png)");
  }

  @Test
  void twoImagesOfOneNameInAListAreRefused() throws IOException {
    Files.writeString(directory.resolve("two.txt"), "/x/a.png\n/y/a.png\n");

    assertThatThrownBy(() -> of("two.txt"))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("names of their own")
        .hasMessageContaining("for a.png");
  }

  @Test
  void nothingToPredictIsRefused() throws IOException {
    Files.createDirectories(directory.resolve("empty"));
    Files.writeString(directory.resolve("none.txt"), "# nothing\n");
    Files.writeString(directory.resolve("up.txt"), "../a.png\nb.png\n../../c.png\n");

    assertThatThrownBy(() -> of("empty")).hasMessageContaining("expected images .png, .jpg");
    assertThatThrownBy(() -> of("none.txt")).hasMessageContaining("expected a line");
    assertThatThrownBy(() -> of("nowhere")).hasMessageContaining("found nothing");
    assertThatThrownBy(() -> of("up.txt"))
        .hasMessageContaining("2 problems")
        .hasMessageContaining("found '../../c.png'")
        .hasMessageContaining("line 3");
  }

  @Test
  void predictionsDoNotGoAmongTheImages() throws IOException {
    touch("in/a.png");
    String in = directory.resolve("in").toString();

    assertThatThrownBy(() -> PredictionInput.of(in, in + "/out", HADOOP))
        .hasMessageContaining("expected an output folder that is not in the input");
  }
}
