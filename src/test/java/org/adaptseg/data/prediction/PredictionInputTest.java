package org.adaptseg.data.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.adaptseg.data.dataset.DatasetException;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void twoImagesOfOneNameAreRefused() throws IOException {
    touch("in/a.png");
    touch("in/a.jpg");
    assertThatThrownBy(() -> of("in"))
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
