package org.adaptseg.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.data.dataset.SampleProblem.Kind;
import org.adaptseg.data.store.LeftOut;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static final DatasetDescription.Files GTA5 =
      (DatasetDescription.Files) ResolvedData.dataset("gta5");
  private static final LabelSpace SPACE = ResolvedData.labelSpace("cityscapes-19");
  private static final SplitListing LISTING =
      new SplitListing("gta5", "all", "file:/data", true, List.of(), LeftOut.NOTHING);

  private static ManifestRow row(
      String name, String sha, Map<Integer, Long> histogram, SampleProblem... problems) {
    return new ManifestRow(
        "images/" + name,
        "labels/" + name,
        100,
        50,
        sha,
        "l" + sha,
        40,
        20,
        40,
        20,
        histogram,
        List.of(problems));
  }

  private static final ManifestRow GOOD = row("1.png", "a", Map.of(7, 3_000_000_000L, 0, 5L));
  private static final ManifestRow BAD_IMAGE =
      row("2.png", "b", Map.of(7, 1L), new SampleProblem(Kind.UNDECODABLE_IMAGE, "image 2"));
  private static final ManifestRow BAD_LABEL =
      row("3.png", "c", Map.of(), new SampleProblem(Kind.UNDECODABLE_LABEL, "label 3"));
  private static final ManifestRow STRANGE =
      row("4.png", "d", Map.of(7, 1L, 99, 2L), new SampleProblem(Kind.UNKNOWN_LABEL_VALUE, "old"));
  private static final ManifestRow ORPHAN =
      new ManifestRow(
          "",
          "labels/5.png",
          -1,
          9,
          "",
          "",
          0,
          0,
          0,
          0,
          Map.of(),
          List.of(new SampleProblem(Kind.NO_IMAGE, "orphan 5")));

  private static Manifest manifest(ManifestRow... rows) {
    return Manifest.of(LISTING, List.of(rows));
  }

  private static FileIndex select(
      Manifest manifest, boolean labels, int allowed, List<String> skipped)
      throws DatasetException {
    return manifest.select(GTA5, "all", SPACE, labels, allowed, "file:/m", skipped::add);
  }

  @Test
  void badSamplesAreRefusedAllTogetherUnlessSoManyAreAllowed() throws DatasetException {
    Manifest manifest = manifest(ORPHAN, STRANGE, BAD_LABEL, GOOD, BAD_IMAGE);

    DatasetException refused =
        catchThrowableOfType(
            DatasetException.class, () -> select(manifest, true, 3, new ArrayList<>()));

    assertThat(refused.problems())
        .containsExactly(
            "expected at most 3 bad samples (data.skip-bad-samples), found 4 of 5 (file:/m)",
            "image 2",
            "label 3",
            "expected ids of the label map, found 99 (labels/4.png)",
            "orphan 5");

    List<String> skipped = new ArrayList<>();
    FileIndex index = select(manifest, true, 4, skipped);
    assertThat(index.entries())
        .containsExactly(new FileIndex.Entry("images/1.png", "labels/1.png", 100, 50, "a", "la"));
    assertThat(index.root()).isEqualTo("file:/data");
    assertThat(skipped).hasSize(4).contains("image 2", "label 3", "orphan 5");
  }

  @Test
  void withoutLabelsTheProblemsOfLabelsDoNotCount() throws DatasetException {
    List<String> skipped = new ArrayList<>();

    FileIndex index = select(manifest(GOOD, BAD_IMAGE, BAD_LABEL, ORPHAN), false, 1, skipped);

    assertThat(index.labelled()).isFalse();
    assertThat(index.entries())
        .containsExactly(
            new FileIndex.Entry("images/1.png", "", 100, SplitListing.NO_FILE, "a", ""),
            new FileIndex.Entry("images/3.png", "", 100, SplitListing.NO_FILE, "c", ""));
    assertThat(skipped).containsExactly("image 2");
  }

  @Test
  void labelValuesAreJudgedByTheLabelMapOfToday() throws DatasetException {
    ManifestRow known =
        row("6.png", "e", Map.of(7, 1L), new SampleProblem(Kind.UNKNOWN_LABEL_VALUE, "then"));

    assertThat(select(manifest(known), true, 0, new ArrayList<>()).entries()).hasSize(1);
  }

  @Test
  void theLaterOfTwoImagesWithTheSameBytesIsADuplicate() {
    Manifest manifest = manifest(row("9.png", "a", Map.of()), GOOD);

    assertThat(manifest.rows().get(0).problems()).isEmpty();
    assertThat(manifest.rows().get(1).problems())
        .containsExactly(
            new SampleProblem(
                Kind.DUPLICATE,
                "expected an image of its own, found the bytes of images/1.png (images/9.png)"));
    assertThat(manifest.bad()).isEqualTo(1);
  }

  @Test
  void anotherSplitsManifestIsRefused() {
    Manifest other = new Manifest("gta5", "val", "file:/data", true, List.of(GOOD));
    DatasetException refused =
        catchThrowableOfType(
            DatasetException.class, () -> select(other, true, 0, new ArrayList<>()));
    assertThat(refused)
        .hasMessageContaining(
            "expected a manifest of split all of dataset gta5, found one of split val of dataset"
                + " gta5");
  }

  @Test
  void aManifestMadeWithoutLabelsGivesNone() {
    Manifest blind = new Manifest("gta5", "all", "file:/data", false, List.of(GOOD));
    DatasetException refused =
        catchThrowableOfType(
            DatasetException.class, () -> select(blind, true, 0, new ArrayList<>()));
    assertThat(refused).hasMessageContaining("expected a manifest with labels");
  }

  @Test
  void aManifestOfBadSamplesOnlyIsRefusedHoweverManyAreAllowed() {
    DatasetException refused =
        catchThrowableOfType(
            DatasetException.class, () -> select(manifest(BAD_IMAGE), true, 9, new ArrayList<>()));
    assertThat(refused).hasMessageContaining("expected samples to use, found none");
  }

  @Test
  void aSummaryCountsPixelsOfClassesInLongs() {
    ManifestSummary summary =
        ManifestSummary.of(manifest(GOOD, STRANGE, ORPHAN, BAD_IMAGE), GTA5.labelMap());

    assertThat(summary.images()).isEqualTo(3);
    assertThat(summary.labels()).isEqualTo(4);
    assertThat(summary.bytes()).isEqualTo(3 * 150 + 9);
    assertThat(summary.pixels())
        .containsEntry("road", 3_000_000_002L)
        .containsEntry("ignore", 5L)
        .containsEntry("unknown", 2L)
        .containsEntry("car", 0L);
    assertThat(summary.meanWidth()).isEqualTo(40);
    assertThat(summary.problems())
        .containsEntry(Kind.NO_IMAGE, 1)
        .containsEntry(Kind.UNDECODABLE_IMAGE, 1)
        .containsEntry(Kind.UNKNOWN_LABEL_VALUE, 1);
    assertThat(summary.bad()).isEqualTo(3);
  }
}
