package org.adaptseg.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.adaptseg.data.MixedOrder.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixedOrderTest {
  private static final int BLOCK = 64;

  /** Many images of shares 0.7 and 0.25, a few of share 0.05. */
  private static final List<Part> PARTS =
      List.of(new Part(1000, 14), new Part(500, 5), new Part(7, 1));

  private static int part(int index) {
    return index < 1000 ? 0 : index < 1500 ? 1 : 2;
  }

  @Test
  void oneSplitIsGoneThroughInItsOwnOrder() {
    MixedOrder mixed = new MixedOrder(5, List.of(new Part(17, 3)));
    SampleOrder alone = new SampleOrder(5, 17);
    LongStream.concat(LongStream.range(0, 300), LongStream.range(1L << 40, (1L << 40) + 100))
        .forEach(p -> assertThat(mixed.index(p)).as("%d", p).isEqualTo(alone.index(p)));
  }

  @Test
  void everyBlockHasTheShareOfEachSplitToOneSample() {
    MixedOrder order = new MixedOrder(5, PARTS);
    long[] counts = new long[3];
    for (int block = 1; block <= 200; block++) {
      for (int i = 0; i < BLOCK; i++) {
        counts[part(order.index((block - 1L) * BLOCK + i))]++;
      }
      assertThat(counts[0]).isCloseTo(Math.round(block * BLOCK * 0.70), within(2L));
      assertThat(counts[1]).isCloseTo(Math.round(block * BLOCK * 0.25), within(2L));
      assertThat(counts[2]).isCloseTo(Math.round(block * BLOCK * 0.05), within(2L));
    }
  }

  @Test
  void eachSplitIsGoneThroughEpochByEpoch() {
    MixedOrder order = new MixedOrder(5, PARTS);
    List<Integer> few = new ArrayList<>();
    List<Integer> second = new ArrayList<>();
    for (long position = 0; position < 20L * BLOCK * BLOCK; position++) {
      int index = order.index(position);
      (part(index) == 2 ? few : part(index) == 1 ? second : new ArrayList<Integer>()).add(index);
    }
    for (int epoch = 0; epoch < 50; epoch++) {
      assertThat(few.subList(7 * epoch, 7 * epoch + 7))
          .containsExactlyInAnyOrderElementsOf(IntStream.range(1500, 1507).boxed().toList());
    }
    assertThat(new HashSet<>(second.subList(0, 500))).hasSize(500);
    assertThat(second.subList(500, 1000)).isNotEqualTo(second.subList(0, 500));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 8, 64})
  void everyWorkerHasTheShareOfEachSplit(int workers) {
    MixedOrder order = new MixedOrder(5, PARTS);
    int iterations = 4000;
    for (int worker = 0; worker < workers; worker++) {
      int[] counts = new int[3];
      for (int t = 0; t < iterations; t++) {
        counts[part(order.index(SampleOrder.position(t, 0, 1, worker, workers)))]++;
      }
      assertThat(counts[0] / (double) iterations).isCloseTo(0.70, within(0.03));
      assertThat(counts[1] / (double) iterations).isCloseTo(0.25, within(0.03));
      assertThat(counts[2] / (double) iterations).isCloseTo(0.05, within(0.015));
    }
  }

  @Test
  void seedAndPositionAloneDecide() {
    MixedOrder order = new MixedOrder(9, PARTS);
    int late = order.index(1_000_003);
    order.index(4);
    assertThat(order.index(1_000_003)).isEqualTo(late);
    assertThat(new MixedOrder(9, PARTS).index(1_000_003)).isEqualTo(late);
    assertThat(first(order)).isNotEqualTo(first(new MixedOrder(10, PARTS)));
  }

  private static List<Integer> first(MixedOrder order) {
    return IntStream.range(0, 100).map(order::index).boxed().toList();
  }

  @Test
  void sharesAreExactAtTheEndOfTheLongestRun() {
    Shares shares = new Shares(List.of(1.0, 2.0, 1e-6));
    long places = 1L << 50;
    long[] counts = shares.counts(places);
    assertThat(counts[0] + counts[1] + counts[2]).isEqualTo(places);
    assertThat(counts[0] / (double) places).isCloseTo(1 / 3.0, within(1e-6));
    long[] next = shares.counts(places + 1);
    assertThat(LongStream.range(0, 3).map(k -> next[(int) k] - counts[(int) k]).sorted().toArray())
        .containsExactly(0, 0, 1);
  }

  @Test
  void aNegativePositionIsRefused() {
    assertThatThrownBy(() -> new MixedOrder(1, PARTS).index(-1)).hasMessageContaining("found -1");
  }
}
