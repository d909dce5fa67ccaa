package org.adaptseg.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.testing.DatasetFixtures;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyCheckTest {
  private static final Configuration HADOOP = new Configuration(false);

  @TempDir Path root;

  @BeforeEach
  void write() throws IOException {
    DatasetFixtures.gta5(root);
  }

  @Test
  void damagedFilesAndUnknownLabelValuesAreFoundTogetherInOrder() throws IOException {
    Files.writeString(root.resolve("images/00010.png"), "no image");
    DatasetFixtures.write(
        root.resolve("labels/00001.png"), DatasetFixtures.grey(List.of(7, 101), 0, 40, 20));

    List<String> problems = EarlyCheck.of(plan(SplitPlan.Labels.NEEDED), 500, 3, HADOOP).problems();

    assertThat(problems).hasSize(2);
    assertThat(problems.get(0))
        .isEqualTo("expected ids of the label map, found 101 (labels/00001.png)");
    assertThat(problems.get(1)).contains("expected PNG or JPEG").contains("images/00010.png");
  }

  @Test
  void labelsOfAnUnlabelledSplitAreNotRead() throws IOException {
    Files.writeString(root.resolve("labels/00001.png"), "no image");

    assertThat(EarlyCheck.of(plan(SplitPlan.Labels.UNUSED), 500, 2, HADOOP).problems()).isEmpty();
  }

  @Test
  void sizesThatDifferABitAreBorneAndSaid() throws IOException {
    DatasetFixtures.write(
        root.resolve("labels/00001.png"), DatasetFixtures.grey(List.of(7), 0, 41, 20));

    EarlyCheck.Found found = EarlyCheck.of(plan(SplitPlan.Labels.NEEDED), 500, 2, HADOOP);

    assertThat(found.problems()).isEmpty();
    assertThat(found.otherSized())
        .containsExactly(
            "expected a label of 40x20 like its image, found 41x20 (labels/00001.png)");
  }

  @Test
  void noMoreThanTheBoundAreRead() throws IOException {
    Files.writeString(root.resolve("images/00010.png"), "no image");

    assertThat(EarlyCheck.of(plan(SplitPlan.Labels.NEEDED), 2, 2, HADOOP).problems()).isEmpty();
    assertThat(EarlyCheck.of(plan(SplitPlan.Labels.NEEDED), 0, 2, HADOOP).problems()).isEmpty();
  }

  @Test
  void placesAreSpreadOverTheWholeSplit() {
    assertThat(EarlyCheck.places(10, 5)).containsExactly(0, 2, 4, 6, 8);
    assertThat(EarlyCheck.places(3, 500)).containsExactly(0, 1, 2);
    assertThat(EarlyCheck.places(2_000_000_000, 3)).containsExactly(0, 666_666_666, 1_333_333_333);
  }

  private SplitPlan.Files plan(SplitPlan.Labels labels) throws IOException {
    return (SplitPlan.Files)
        SplitPlan.prepare(
            ResolvedData.dataset("gta5"),
            new RunConfig.Domain("gta5", root.toString(), "all", 64, 32),
            ResolvedData.labelSpace("cityscapes-19"),
            labels,
            0,
            10_000,
            Normalisation.CAFFE,
            HADOOP);
  }
}
