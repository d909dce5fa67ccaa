package org.adaptseg.data.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Thresholds that were worked out by hand. */
class ConfidenceHistogramTest {
  private static final List<String> NAMES = List.of("road", "car", "train");

  /** Road: 10, 20, …, 100. Car: 65535, 7, 7, 7. Train: none. */
  private static ConfidenceHistogram histogram() {
    ConfidenceHistogram histogram = new ConfidenceHistogram(3);
    for (int i = 1; i <= 10; i++) {
      histogram.add(0, 10 * i);
    }
    histogram.add(1, 65_535);
    for (int i = 0; i < 3; i++) {
      histogram.add(1, 7);
    }
    return histogram;
  }

  private static ClassThresholds.Of of(double portion, int trainId) {
    return histogram().thresholds(portion, NAMES).classes().get(trainId);
  }

  @ParameterizedTest
  @CsvSource({
    "0.2, 90, 2",
    "0.21, 80, 3",
    "0.5, 60, 5",
    "0.7, 40, 7",
    "0.001, 100, 1",
    "1, 10, 10"
  })
  void thePortionOfAClassThatIsSurestIsKept(double portion, int least, long kept) {
    assertThat(of(portion, 0)).isEqualTo(new ClassThresholds.Of("road", 10, kept, least));
  }

  @Test
  void pixelsOfEqualConfidenceAreKeptTogether() {
    assertThat(of(0.25, 1)).isEqualTo(new ClassThresholds.Of("car", 4, 1, 65_535));
    assertThat(of(0.5, 1)).isEqualTo(new ClassThresholds.Of("car", 4, 4, 7));
  }

  @Test
  void ofAClassThatIsNeverPredictedNothingIsKept() {
    assertThat(of(1, 2)).isEqualTo(new ClassThresholds.Of("train", 0, 0, 65_536));
  }

  @Test
  void eachClassHasAThresholdOfItsOwn() {
    ClassThresholds thresholds = histogram().thresholds(0.5, NAMES);

    assertThat(thresholds.keep(0, 60)).isTrue();
    assertThat(thresholds.keep(0, 59)).isFalse();
    assertThat(thresholds.keep(1, 7)).isTrue();
    assertThat(thresholds.keep(2, 65_535)).isFalse();
  }

  @Test
  void histogramsOfPartsMergeToThatOfTheWhole() {
    ConfidenceHistogram parts = histogram().merge(histogram());

    assertThat(parts.thresholds(0.2, NAMES).classes())
        .containsExactly(
            new ClassThresholds.Of("road", 20, 4, 90),
            new ClassThresholds.Of("car", 8, 2, 65_535),
            new ClassThresholds.Of("train", 0, 0, 65_536));
  }

  @Test
  void aPortionOfNothingIsRefused() {
    assertThatThrownBy(() -> histogram().thresholds(0, NAMES))
        .hasMessageContaining("expected a portion above 0 and at most 1");
  }
}
