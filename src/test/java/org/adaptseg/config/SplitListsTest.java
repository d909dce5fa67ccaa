package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.adaptseg.config.data.Size;
import org.adaptseg.config.yaml.ConfigException;
import org.junit.jupiter.api.Test;

/** The splits that a source and a target are drawn from. */
class SplitListsTest {
  private static final String LEAST =
      """
      run: {name: least}
      schedule: {phases: [{phase: source-only, iterations: 5}]}
      output: {dir: runs/least}
      data:
        classes: synthetic-8
        source: {dataset: synthetic-source, split: train, width: 64, height: 32}
        target: {dataset: synthetic-target, split: train, width: 128, height: 64}
        evaluation: {dataset: synthetic-target, split: val, width: 96, height: 48}
      """;

  private static RunConfig load(String... overrides) {
    return ConfigLoader.load(LEAST, "x.yaml", List.of(overrides));
  }

  @Test
  void oneSplitIsAListOfOneAndIsWrittenWithoutTheList() {
    RunConfig one = load();

    assertThat(
            load("data.source=[{dataset: synthetic-source, split: train, width: 64, height: 32}]"))
        .isEqualTo(one);
    assertThat(ConfigLoader.toYaml(one)).contains("source:\n    dataset: synthetic-source\n");
    assertThat(load("data.source.width=96").data().source().get(0).width()).isEqualTo(96);
  }

  private static final String SPLIT =
      "{dataset: synthetic-%s, split: %s, width: 64, height: 32, weight: %s}";

  private static String splits(String domain, String... weights) {
    return "data.%s=[%s]"
        .formatted(
            domain,
            IntStream.range(0, weights.length)
                .mapToObj(i -> SPLIT.formatted(domain, i == 0 ? "train" : "val", weights[i]))
                .collect(Collectors.joining(", ")));
  }

  /** Without the place in the file. */
  private static List<String> texts(String... overrides) {
    return problem(overrides).problems().stream()
        .map(text -> text.replaceAll(" \\((--set|x\\.yaml).*", ""))
        .toList();
  }

  @Test
  void mistakesInAListOfSplitsAreReportedTogether() {
    assertThat(texts(splits("source", "1", "0"), splits("target", ".nan", "-2")))
        .containsExactlyInAnyOrder(
            "data.source[1].weight: expected a number above 0, found 0",
            "data.target[0].weight: expected a number, found '.nan'",
            "data.target[1].weight: expected a number above 0, found -2");
    assertThat(texts("data.source=[]", splits("target", "1", "1", "1")))
        .containsExactly(
            "data.source: expected at least one split, found none",
            "data.target: expected each entry once, found again [synthetic-target/val of '']");
    assertThat(texts(splits("source", "1", "1e-9")))
        .containsExactly(
            "data.source: expected weights that give each split at least one sample of a million,"
                + " found [1.0, 1.0E-9]");
    assertThat(texts("data.evaluation.weight=2"))
        .containsExactly(
            "data.evaluation: expected no weight, since every image is scored once, found 2.0");
    assertThat(
            texts(
                "data.source=[{dataset: synthetic-source, split: trian, width: 64, height: 32},"
                    + " {dataset: synthetic-source, split: val, width: 64, height: 32}]"))
        .containsExactly(
            "data.source[0].split: expected one of train, val of dataset synthetic-source, found"
                + " 'trian' (nearest is train)");
    assertThat(texts(splits("source", "1", "2"), "data.source.0.width=16"))
        .singleElement()
        .asString()
        .startsWith("data.source[0].width: expected at least 32");
  }

  @Test
  void aCropIsNoLargerThanItsImageAndOfTrainingAlone() {
    assertThat(load("data.source.crop={width: 64, height: 32}").data().source().get(0).trained())
        .isEqualTo(new Size(64, 32));
    assertThat(load("data.source.crop={width: 0, height: 0}")).isEqualTo(load());
    assertThat(texts("data.source.crop={width: 64, height: 33}"))
        .containsExactly(
            "data.source.crop: expected at most the size that images are resized to, 64x32, found"
                + " 64x33");
    assertThat(texts("data.target.crop={width: 64, largest-share: 1.5, redraws: -1}"))
        .containsExactlyInAnyOrder(
            "data.target.crop.height: expected at least 32 (the discriminator halves it five"
                + " times), found 0",
            "data.target.crop.largest-share: expected a number above 0 to 1, found 1.5",
            "data.target.crop.redraws: expected 0 to 1000, found -1");
    for (String key : List.of("crop={width: 32, height: 32}", "jitter.blur=1")) {
      assertThat(texts("data.evaluation." + key))
          .containsExactly(
              "data.evaluation: expected neither crop nor jitter, since images are scored whole"
                  + " and as they are, found one of them");
    }
  }

  @Test
  void cropsOfOneSizeMakeABatchOfImagesOfSeveral() {
    String two =
        "data.source=[{dataset: synthetic-source, split: train, width: 64, height: 64%s},"
            + " {dataset: synthetic-source, split: val, width: 128, height: 96%s}]";
    assertThat(texts("optimizer.batch-size=2", two.formatted("", "")))
        .containsExactly(
            "optimizer: expected batch-size 1 where the splits of a domain have different sizes,"
                + " found 2");
    String crop = ", crop: {width: 64, height: 48}";
    assertThat(load("optimizer.batch-size=2", two.formatted(crop, crop)).data().leastSide())
        .isEqualTo(48);
  }

  @Test
  void strengthsOfColoursAreBounded() {
    assertThat(texts("data.target.jitter={brightness: -1, contrast: 11, blur: 0.05}"))
        .containsExactlyInAnyOrder(
            "data.target.jitter.brightness: expected a number from 0 to 10, found -1.0",
            "data.target.jitter.contrast: expected a number from 0 to 10, found 11.0",
            "data.target.jitter.blur: expected 0, or 0.1 to 10, found 0.05");
  }

  @Test
  void rareClassSamplingAsksForAManifestOfEachSourceSplit() {
    assertThat(texts("data.rare-classes.sampling=true"))
        .singleElement()
        .asString()
        .startsWith(
            "data.source: expected a manifest of each split where rare-classes.sampling is true,"
                + " since manifests count the pixels of classes (ingest makes one");
    assertThat(texts("data.rare-classes={temperature: 0, least-pixels: 0}"))
        .containsExactlyInAnyOrder(
            "data.rare-classes.temperature: expected a number above 0, found 0",
            "data.rare-classes.least-pixels: expected at least 1, found 0");
  }

  @Test
  void everySplitOfASourceHasLabelsOfEveryClass() {
    String three = "{dataset: %s, root: x, split: %s, width: 64, height: 32}";
    assertThat(
            texts(
                "data.classes=cityscapes-19",
                "data.source=[%s, %s]"
                    .formatted(
                        three.formatted("gta5", "all"),
                        three.formatted("synthetic-source", "train")),
                "data.evaluation=" + three.formatted("cityscapes", "val")))
        .singleElement()
        .asString()
        .startsWith(
            "data.classes: expected a label space whose 19 classes the labels of source[1] dataset"
                + " synthetic-source have, found cityscapes-19 with 11 more: wall, fence");
  }

  @Test
  void aManifestStandsForTheRootOfFilesAndForNothingDrawn() {
    RunConfig config =
        load("data.target={dataset: cityscapes, split: train, width: 64, height: 64, manifest: m}");
    assertThat(config.data().target().get(0).hasManifest()).isTrue();
    assertThat(config.data().source().get(0).hasManifest()).isFalse();

    assertThat(problem("data.source.manifest=m").problems())
        .containsExactly(
            "data.source.manifest: expected none, since dataset synthetic-source is drawn, found"
                + " m");
  }

  private static ConfigException problem(String... overrides) {
    return catchThrowableOfType(ConfigException.class, () -> load(overrides));
  }
}
