package org.adaptseg.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.RareClassSampling;
import org.adaptseg.data.MixedOrder.Part;
import org.adaptseg.data.RareClasses.ClassImages;
import org.adaptseg.data.dataset.FileIndex;
import org.adaptseg.data.dataset.Manifest;
import org.adaptseg.data.dataset.ManifestRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RareClassesTest {
  private static final LabelSpace SPACE = ResolvedData.labelSpace("synthetic-8");

  @Test
  void probabilitiesAreTheSoftmaxOfOneMinusTheFrequencyOverTheTemperature() {
    // f = 0.9, 0.08, 0.02, 0; (1 - f) / 0.1 = 1, 9.2, 9.8; exp of what they lack of 9.8:
    // 0.000150733, 0.548812, 1, in all 1.548962.
    double[] p = RareClasses.probabilities(new long[] {900, 80, 20, 0}, 0.1);

    assertThat(p[0]).isCloseTo(0.0000973, within(1e-6));
    assertThat(p[1]).isCloseTo(0.354309, within(1e-6));
    assertThat(p[2]).isCloseTo(0.645593, within(1e-6));
    assertThat(p[3]).isZero();
    assertThat(RareClasses.probabilities(new long[] {900, 80, 20}, 1e-5)).containsExactly(0, 0, 1);
    assertThat(RareClasses.probabilities(new long[] {0, 0}, 0.1)).containsExactly(0, 0);
  }

  private static ManifestRow row(String image, Map<Integer, Long> histogram) {
    return new ManifestRow(image, "l" + image, 1, 1, "", "", 8, 8, 8, 8, histogram, List.of());
  }

  /** Raw ids 7 and 8 are road, 26 is the car, 17 the pole; 0 is ignored. */
  private static final Map<Integer, Integer> TRAIN_IDS =
      Map.of(7, 0, 8, 0, 26, SPACE.trainId("car"), 17, SPACE.trainId("pole"), 0, 255);

  private static RareClasses classes(double temperature, long leastPixels) {
    List<ManifestRow> rows =
        List.of(
            row("a", Map.of(7, 600L, 26, 100L, 0, 5000L)),
            row("b", Map.of(26, 5000L)), // left out, and so its pixels
            row("c", Map.of(7, 50L, 8, 50L, 17, 40L)),
            row("d", Map.of(7, 200L, 26, 9L, 17, 1L)));
    FileIndex index =
        new FileIndex("any", "/root", true, List.of(entry("a"), entry("c"), entry("d")));
    return RareClasses.of(
        index,
        new Manifest("any", "all", "/root", true, rows),
        TRAIN_IDS,
        SPACE,
        new RareClassSampling(true, temperature, leastPixels));
  }

  private static FileIndex.Entry entry(String image) {
    return new FileIndex.Entry(image, "l" + image, 1, 1);
  }

  @Test
  void histogramsGiveFrequenciesOfTheImagesInUseAndWhichOfThemHaveAClass() {
    List<ClassImages> found = classes(0.5, 40).classes();

    assertThat(found).extracting(ClassImages::name).containsExactly("road", "car", "pole");
    assertThat(found.get(0).images()).containsExactly(0, 1, 2);
    assertThat(found.get(1).images()).containsExactly(0);
    assertThat(found.get(2).images()).containsExactly(1);
    // Pixels 900, 109 and 41 of 1050.
    double[] p = RareClasses.probabilities(new long[] {900, 109, 41}, 0.5);
    for (int c = 0; c < 3; c++) {
      assertThat(found.get(c).probability()).isCloseTo(p[c], within(1e-15));
    }
    assertThat(classes(0.5, 101).classes()).extracting(ClassImages::name).containsExactly("road");
    assertThat(classes(0.5, 601).isNone()).isTrue();
    // A class that would not be met in a thousand million samples is none.
    assertThat(classes(0.03, 40).classes())
        .extracting(ClassImages::name)
        .containsExactly("car", "pole");
    assertThat(classes(0.5, 40).describe())
        .matches(
            "pole [\\d.]+ % \\(1 images\\), car [\\d.]+ % \\(1 images\\), road [\\d.]+ % \\(3 images\\)");
  }

  /** 1000 images; class a is in all, b in 40 of them, c in 7. */
  private static final RareClasses THREE =
      new RareClasses(
          List.of(
              new ClassImages("a", 0.2, IntStream.range(0, 1000).toArray()),
              new ClassImages("b", 0.5, IntStream.range(0, 40).map(i -> 900 + i).toArray()),
              new ClassImages("c", 0.3, IntStream.range(0, 7).map(i -> 990 + i).toArray())));

  private static MixedOrder order(long seed) {
    return new MixedOrder(seed, List.of(new Part(1000, 1, THREE)));
  }

  private static String drawn(int index) {
    return index >= 990 && index < 997 ? "c" : index >= 900 && index < 940 ? "b" : "a";
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void everyWorkerDrawsClassesByTheirProbabilities(int workers) {
    MixedOrder order = order(5);
    int iterations = 20_000;
    for (int worker = 0; worker < workers; worker++) {
      Map<String, Integer> counts = new HashMap<>();
      for (int t = 0; t < iterations; t++) {
        long position = SampleOrder.position(t, 0, 1, worker, workers);
        counts.merge(drawn(order.index(position)), 1, Integer::sum);
      }
      // Of the draws for a, 4 % and 0.7 % are images of the others.
      assertThat(counts.get("b") / (double) iterations).isCloseTo(0.508, within(0.01));
      assertThat(counts.get("c") / (double) iterations).isCloseTo(0.301, within(0.01));
    }
  }

  @Test
  void allImagesOfAClassAreDrawnBeforeOneIsAgain() {
    int[] rare = {97, 3, 50, 51, 52, 60, 99};
    int[] frequent = IntStream.range(0, 1000).filter(i -> i > 99).toArray();
    List<ClassImages> classes =
        List.of(new ClassImages("a", 0.9, frequent), new ClassImages("b", 0.1, rare));
    MixedOrder order = new MixedOrder(5, List.of(new Part(1000, 1, new RareClasses(classes))));
    List<Integer> drawn =
        IntStream.range(0, 6400).map(order::index).filter(i -> i < 100).boxed().toList();

    assertThat(drawn).hasSizeBetween(638, 642);
    for (int i = 0; i + 7 <= drawn.size(); i += 7) {
      assertThat(drawn.subList(i, i + 7)).containsExactlyInAnyOrder(97, 3, 50, 51, 52, 60, 99);
    }
    assertThat(drawn.subList(0, 7)).isNotEqualTo(drawn.subList(7, 14));
  }

  @Test
  void seedAndPositionAloneDecide() {
    MixedOrder order = order(9);
    int late = order.index(1_000_003);
    order.index(4);
    assertThat(order.index(1_000_003)).isEqualTo(late);
    assertThat(order(9).index(1_000_003)).isEqualTo(late);
    assertThat(first(order)).isNotEqualTo(first(order(10)));
  }

  private static List<Integer> first(MixedOrder order) {
    return IntStream.range(0, 100).map(order::index).boxed().toList();
  }

  @Test
  void aSplitOfAListIsDrawnByItsClassesAndTheNextAsBefore() {
    List<Part> parts = List.of(new Part(1000, 1, THREE), new Part(50, 1));
    MixedOrder order = new MixedOrder(5, parts);
    int second = 0;
    int b = 0;
    for (long position = 0; position < 6400; position++) {
      int index = order.index(position);
      second += index >= 1000 ? 1 : 0;
      b += index < 1000 && drawn(index).equals("b") ? 1 : 0;
    }
    assertThat(second).isEqualTo(3200);
    assertThat(b / 3200.0).isCloseTo(0.508, within(0.02));
  }
}
