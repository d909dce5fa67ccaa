package org.adaptseg.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.DatasetDescription.LabelColour;
import org.adaptseg.config.data.DatasetDescription.LabelForm;
import org.adaptseg.config.data.DatasetDescription.Replacement;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.LabelSpace.ClassLabel;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.data.png.PngRaster;
import org.junit.jupiter.api.Test;

class LabelReadingTest {
  private static final LabelSpace SPACE =
      new LabelSpace(
          "two",
          List.of(
              new ClassLabel("road", List.of(128, 64, 128)),
              new ClassLabel("car", List.of(0, 0, 142))));

  private static DatasetDescription.Files description(LabelForm form, LabelColour... colours) {
    return new DatasetDescription.Files(
        "mine",
        Map.of("all", "images/*.png"),
        List.of(new Replacement("images/", "labels/")),
        Map.of(),
        List.of(),
        form,
        List.of(colours));
  }

  private static LabelReading reading(LabelForm form, LabelColour... colours) {
    return LabelReading.of(description(form, colours), SPACE);
  }

  private static PngRaster rgb(int... samples) {
    byte[] bytes = new byte[samples.length];
    for (int i = 0; i < samples.length; i++) {
      bytes[i] = (byte) samples[i];
    }
    return new PngRaster(1, samples.length / 3, 3, 8, null, bytes);
  }

  private static int[] values(LabelReading reading, PngRaster raster) throws IOException {
    return new String(reading.read(raster, "a.png").values()).chars().toArray();
  }

  @Test
  void channelsThatDifferAreColoursAndRefused() throws IOException {
    LabelReading values = reading(LabelForm.VALUES);

    assertThat(values(values, rgb(1, 1, 1, 0, 0, 0))).containsExactly(1, 0);
    assertThatThrownBy(() -> values.read(rgb(1, 1, 1, 0, 0, 1), "a.png"))
        .isInstanceOf(LabelReading.ColoursException.class)
        .hasMessageContaining("found a picture of colours, for example (0, 0, 1)")
        .hasMessageContaining("at row 0, column 1")
        .hasMessageContaining("(a.png)");
    byte[] deep = {1, 2, 1, 2, 1, 3};
    assertThatThrownBy(() -> values.read(new PngRaster(1, 1, 3, 16, null, deep), "a.png"))
        .hasMessageContaining("(258, 258, 259)");
    byte[] transparent = {1, 1, 1, 9};
    assertThat(values(values, new PngRaster(1, 1, 4, 8, null, transparent))).containsExactly(1);
  }

  @Test
  void theFirstChannelIsTakenWhereTheDescriptionSaysSo() throws IOException {
    assertThat(values(reading(LabelForm.FIRST_CHANNEL), rgb(1, 7, 9, 0, 0, 1)))
        .containsExactly(1, 0);
  }

  @Test
  void coloursOfTheLabelSpaceAreItsTrainIds() throws IOException {
    LabelReading reading = reading(LabelForm.COLOURS);

    assertThat(values(reading, rgb(0, 0, 142, 128, 64, 128, 128, 64, 128)))
        .containsExactly(1, 0, 0);
    assertThat(description(LabelForm.COLOURS).trainIds(SPACE)).containsEntry(1, 1);
  }

  @Test
  void anOwnTableNamesClassesAndWhatIsIgnored() throws IOException {
    LabelColour[] table = {
      new LabelColour("ignore", List.of(0, 0, 0)),
      new LabelColour("car", List.of(255, 0, 0)),
      new LabelColour("car", List.of(250, 0, 0)),
      new LabelColour("bicycle", List.of(0, 9, 0))
    };

    assertThat(values(reading(LabelForm.COLOURS, table), rgb(250, 0, 0, 0, 0, 0, 255, 0, 0)))
        .containsExactly(2, 0, 1);
    assertThat(description(LabelForm.COLOURS, table).trainIds(SPACE))
        .isEqualTo(Map.of(0, 255, 1, 1, 2, 1, 3, 255));
  }

  @Test
  void otherColoursAreRefusedWithTheirCountsAndTheNearestClass() {
    LabelReading reading = reading(LabelForm.COLOURS);

    assertThatThrownBy(
            () -> reading.read(rgb(0, 0, 141, 128, 64, 128, 0, 0, 141, 127, 64, 128), "a.png"))
        .isInstanceOf(LabelReading.ColoursException.class)
        .hasMessage(
            "Cannot read labels: expected colours of the table, found (0, 0, 141) in 2 pixels"
                + " (nearest: car (0, 0, 142)), (127, 64, 128) in 1 pixels (nearest: road"
                + " (128, 64, 128)) (a.png)");
  }

  @Test
  void coloursOfAPaletteAreColours() throws IOException {
    byte[] palette = new byte[768];
    palette[2] = (byte) 142;
    PngRaster raster = new PngRaster(1, 2, 1, 8, palette, new byte[] {0, 0});

    assertThat(values(reading(LabelForm.COLOURS), raster)).containsExactly(1, 1);
    assertThat(values(reading(LabelForm.FIRST_CHANNEL), raster)).containsExactly(0, 0);
  }

  private static PngRaster palette(List<List<Integer>> colours, int... indices) {
    byte[] palette = new byte[768];
    for (int i = 0; i < palette.length; i++) {
      palette[i] = (byte) (i / 3 < colours.size() ? colours.get(i / 3).get(i % 3) : i / 3);
    }
    byte[] samples = new byte[indices.length];
    for (int i = 0; i < indices.length; i++) {
      samples[i] = (byte) indices[i];
    }
    return new PngRaster(1, indices.length, 1, 8, palette, samples);
  }

  @Test
  void aPaletteWithTheColoursOfOtherClassesIsRefused() throws IOException {
    DatasetDescription.Files ids =
        new DatasetDescription.Files(
            "mine",
            Map.of("all", "images/*.png"),
            List.of(new Replacement("images/", "labels/")),
            Map.of(0, "road", 1, "car"),
            List.of(),
            LabelForm.VALUES,
            List.of());
    LabelReading reading = LabelReading.of(ids, SPACE);
    List<Integer> road = List.of(128, 64, 128);
    List<Integer> car = List.of(0, 0, 142);

    assertThat(values(reading, palette(List.of(road, car), 0, 1))).containsExactly(0, 1);
    assertThat(values(reading, palette(List.of(), 0, 1))).as("greys").containsExactly(0, 1);
    assertThat(values(reading, palette(List.of(road, road), 0, 1)))
        .as("as many of their own as of others")
        .containsExactly(0, 1);
    assertThatThrownBy(() -> reading.read(palette(List.of(car, road), 0, 1, 1), "a.png"))
        .isInstanceOf(LabelReading.ColoursException.class)
        .hasMessage(
            "Cannot read labels: expected a palette with the colours of the classes that its"
                + " indices stand for, found (0, 0, 142) of car at 0, which is road,"
                + " (128, 64, 128) of road at 1, which is car; 'labels: colours' in the dataset's"
                + " description reads the colours, 'labels: first-channel' the indices whatever"
                + " their colours (a.png)");
    assertThat(values(reading(LabelForm.FIRST_CHANNEL), palette(List.of(car, road), 0, 1)))
        .containsExactly(0, 1);
  }

  @Test
  void classesThatAreReadByTheirColoursNeedColoursOfTheirOwn() {
    LabelSpace space =
        new LabelSpace(
            "alike",
            List.of(
                new ClassLabel("road", List.of(1, 2, 3)), new ClassLabel("car", List.of(1, 2, 3))));

    assertThatThrownBy(() -> LabelReading.of(description(LabelForm.COLOURS), space))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "expected a colour for each class of alike, found (1, 2, 3) for road and car");
  }

  @Test
  void aTableIsRefusedWhereNoColoursAreRead() {
    assertThatThrownBy(
            () -> description(LabelForm.VALUES, new LabelColour("car", List.of(1, 2, 3))))
        .hasMessageContaining("none without 'labels: colours'");
  }
}
