package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
