package org.adaptseg.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SampleOrderTest {
  @Test
  void everyEpochShowsEverySampleOnce() {
    SampleOrder order = new SampleOrder(5, 17);
    for (int epoch = 0; epoch < 3; epoch++) {
      assertThat(epoch(order, epoch, 17))
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 17).boxed().toList());
    }
  }

  @Test
  void epochsAndSeedsHaveOrdersOfTheirOwn() {
    SampleOrder order = new SampleOrder(5, 50);
    assertThat(epoch(order, 0, 50)).isNotEqualTo(epoch(order, 1, 50));
    assertThat(epoch(order, 0, 50)).isNotEqualTo(epoch(new SampleOrder(6, 50), 0, 50));
  }

  @Test
  void thePositionAloneDecidesWhateverWasAskedBefore() {
    SampleOrder order = new SampleOrder(9, 10);
    int late = order.index(1_000_003);
    order.index(4);
    assertThat(order.index(1_000_003)).isEqualTo(late);
    assertThat(new SampleOrder(9, 10).index(1_000_003)).isEqualTo(late);
  }

  @Test
  void workersTogetherCoverAnEpochOnceWithoutOverlap() {
    SampleOrder order = new SampleOrder(1, 12);
    List<Integer> seen = new ArrayList<>();
    for (int t = 0; t < 2; t++) { // 2 iterations × 2 sub-iterations × 3 workers = 12 samples
      for (int j = 0; j < 2; j++) {
        for (int worker = 0; worker < 3; worker++) {
          seen.add(order.index(SampleOrder.position(t, j, 2, worker, 3)));
        }
      }
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 12).boxed().toList());
  }

  @Test
  void manyWorkersSeeWhatOneWorkerAccumulates() {
    for (int k = 0; k < 4; k++) {
      assertThat(SampleOrder.position(7, 0, 1, k, 4))
          .isEqualTo(SampleOrder.position(7, k, 4, 0, 1))
          .isEqualTo(28 + k);
    }
  }

  @Test
  void allOrdersOfThreeSamplesOccur() {
    SampleOrder order = new SampleOrder(2, 3);
    assertThat(LongStream.range(0, 200).mapToObj(e -> epoch(order, e, 3)).distinct()).hasSize(6);
  }

  @Test
  void anEmptySplitAndNegativePositionsAreRefused() {
    assertThatThrownBy(() -> new SampleOrder(1, 0)).hasMessageContaining("found 0");
    assertThatThrownBy(() -> new SampleOrder(1, 3).index(-1)).hasMessageContaining("found -1");
  }

  private static List<Integer> epoch(SampleOrder order, long epoch, int size) {
    return LongStream.range(epoch * size, (epoch + 1) * size).mapToObj(order::index).toList();
  }
}
