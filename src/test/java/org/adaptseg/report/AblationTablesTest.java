package org.adaptseg.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class AblationTablesTest {
  private static AblationResult result(String run, long seed, double miou, Double... iou) {
    return new AblationResult(run, seed, "", List.of("road", "car"), Arrays.asList(iou), miou);
  }

  private static final AblationTables TABLES =
      new AblationTables(
          List.of(
              result("a", 1, 0.40, 0.5, null),
              result("a", 2, 0.44, 0.6, 0.3),
              result("bound", 1, 0.60, 0.7, 0.5)));

  private static final List<AblationTables.Row> ROWS =
      List.of(
          new AblationTables.Row("a", "A", OptionalDouble.of(41.4)),
          new AblationTables.Row("missing", "M", OptionalDouble.empty()));

  /** 40 and 44: mean 42, deviation √8 = 2.83. */
  @Test
  void methodsHaveMeanDeviationAndGapsAndWhatIsMissingIsSaid() {
    assertThat(TABLES.methods(ROWS, "bound", List.of()))
        .isEqualTo(
            """
            | method | seeds | mIoU | gap to oracle | published mIoU | published gap |
            |---|---|---|---|---|---|
            | A | 2 | 42.00 ± 2.83 | -18.00 | 41.4 | -23.7 |
            | M | 0 | – | – | – | – |
            """);
  }

  /** 50 and 60: mean 55, deviation √50 = 7.07. */
  @Test
  void aMeanOverSomeClassesHasAColumnOfItsOwn() {
    assertThat(TABLES.methods(ROWS, "bound", List.of("road")))
        .isEqualTo(
            """
            | method | seeds | mIoU | mIoU of 1 classes | gap to oracle | published mIoU | published gap |
            |---|---|---|---|---|---|---|
            | A | 2 | 42.00 ± 2.83 | 55.00 ± 7.07 | -18.00 | 41.4 | -23.7 |
            | M | 0 | – | – | – | – | – |

            The 1 classes: road.
            """);
    assertThatThrownBy(() -> TABLES.methods(ROWS, "bound", List.of("tree")))
        .hasMessageContaining("expected some of [road, car], found [tree]");
  }

  @Test
  void aClassThatARunLacksIsLeftOutOfItsMean() {
    assertThat(TABLES.classes(ROWS))
        .isEqualTo(
            """
            | method | road | car |
            |---|---|---|
            | A | 55.0 | 30.0 |
            | M | – | – |
            """);
  }

  @Test
  void theRangeOfLambdasNeedsAllOfThem() {
    String text =
        TABLES.lambdas(
            List.of(
                new AblationTables.Lambda(0.001, "a", "a", 39.3, 41.4),
                new AblationTables.Lambda(0.0005, "missing", "bound", 35.9, 40.4)),
            1);

    assertThat(text)
        .isEqualTo(
            """
            | lambda_adv | 0.001 | 0.0005 | range |
            |---|---|---|---|
            | feature | 40.00 | – | – |
            | output | 40.00 | 60.00 | 20.00 |
            | published, feature, lambda_adv 0.0005 to 0.004 | 39.30 | 35.90 | 3.40 |
            | published, output, lambda_adv 0.0005 to 0.004 | 41.40 | 40.40 | 1.00 |
            """);
  }

  @Test
  void aGeneratedSectionIsReplacedAndTheRestKept() {
    GeneratedSection section = new GeneratedSection("x");
    String first = section.replace("# Title\n", "one\n");
    String second = section.replace(first + "\nBelow.\n", "two");

    assertThat(first)
        .isEqualTo("# Title\n\n<!-- generated: x -->\none\n<!-- end of generated: x -->\n");
    assertThat(second)
        .isEqualTo(
            "# Title\n\n<!-- generated: x -->\ntwo\n<!-- end of generated: x -->\n\nBelow.\n");
    assertThatThrownBy(() -> section.replace("<!-- generated: x -->", "three"))
        .hasMessageContaining("found one of them");
  }
}
