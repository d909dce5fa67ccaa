package org.adaptseg.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.DatasetDescription.Replacement;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.LabelSpace.ClassLabel;
import org.junit.jupiter.api.Test;

class LabelCensusTest {
  private static final LabelSpace SPACE =
      new LabelSpace(
          "three",
          List.of(
              new ClassLabel("road", List.of(1, 1, 1)),
              new ClassLabel("car", List.of(2, 2, 2)),
              new ClassLabel("sky", List.of(3, 3, 3))));

  private static DatasetDescription.Files described(Map<Integer, String> map, String... lacks) {
    return new DatasetDescription.Files(
        "mine",
        Map.of("all", "images/*.png"),
        List.of(new Replacement("images/", "labels/")),
        map,
        List.of(lacks));
  }

  private static List<String> notes(
      DatasetDescription.Files description, Map<Integer, Long> pixels) {
    return new LabelCensus(pixels, 4).notes(description, description.classes(SPACE));
  }

  @Test
  void aClassWithoutAPixelIsNamedUnlessItIsKnownToBeLacking() {
    Map<Integer, Long> pixels = Map.of(0, 10L, 2, 20L);

    assertThat(notes(described(Map.of()), pixels))
        .containsExactly(
            "no pixel of class car in the 4 labels that were read (values found: 0, 2); a class"
                + " that the dataset never has belongs under 'lacks' in its description");
    assertThat(notes(described(Map.of(), "car"), pixels)).isEmpty();
    assertThat(notes(described(Map.of()), Map.of(0, 1L, 1, 1L, 2, 1L))).isEmpty();
  }

  @Test
  void masksOfBlackAndWhiteAreTheLikelyCause() {
    assertThat(notes(described(Map.of()), Map.of(0, 10L, 255, 20L)).get(0))
        .contains("no pixel of classes car, sky")
        .contains("these are masks of 0 and 255, and 255 is ignored");
    assertThat(notes(described(Map.of()), Map.of(0, 10L, 1, 5L, 255, 20L)).get(0))
        .contains("no pixel of class sky")
        .contains("255 is among them, and 255 is ignored");
  }

  @Test
  void idsThatBeginAtOneAreTheLikelyCause() {
    assertThat(notes(described(Map.of()), Map.of(1, 10L, 2, 20L)).get(0))
        .contains("no pixel of class road")
        .endsWith("train ids begin at 0, and 0 is not among them");
  }

  @Test
  void labelsThatAreAllIgnoredAreAProblem() {
    DatasetDescription.Files own = described(Map.of(0, "ignore", 7, "car", 8, "no class of ours"));

    assertThat(new LabelCensus(Map.of(0, 9L, 8, 1L), 2).problem(own.classes(SPACE)))
        .contains(
            "expected labels with pixels of classes, found only ignored ones in all 2 labels that"
                + " were read (values found: 0, 8)");
    assertThat(new LabelCensus(Map.of(0, 9L, 7, 1L), 2).problem(own.classes(SPACE))).isEmpty();
    assertThat(new LabelCensus(Map.of(), 0).problem(own.classes(SPACE))).isEmpty();
    assertThat(new LabelCensus(Map.of(255, 9L), 1).problem(described(Map.of()).classes(SPACE)))
        .isPresent();
  }
}
