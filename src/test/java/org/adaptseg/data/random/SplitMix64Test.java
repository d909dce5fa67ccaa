package org.adaptseg.data.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SplitMix64Test {
  @Test
  void yieldsThePublishedSequence() {
    // First values of the reference implementation (prng.di.unimi.it/splitmix64.c) for seed 0.
    SplitMix64 random = new SplitMix64(0);
    assertThat(random.nextLong()).isEqualTo(0xE220A8397B1DCDAFL);
    assertThat(random.nextLong()).isEqualTo(0x6E789E6AA1B965F4L);
    assertThat(random.nextLong()).isEqualTo(0x06C45D188009454FL);
  }

  @Test
  void hashesDependOnTheOrderOfTheirParts() {
    assertThat(SplitMix64.hash(1, 2)).isNotEqualTo(SplitMix64.hash(2, 1));
    assertThat(SplitMix64.hash(1, "a")).isNotEqualTo(SplitMix64.hash(1, "b"));
  }

  @Test
  void integersFillTheirRangeEvenly() {
    SplitMix64 random = new SplitMix64(7);
    int[] counts = new int[5];
    for (int i = 0; i < 50_000; i++) {
      counts[random.nextInt(5)]++;
    }
    for (int count : counts) { // standard deviation of a count: 89
      assertThat(count).isCloseTo(10_000, within(450));
    }
  }

  @Test
  void normalNumbersHaveMeanZeroAndDeviationOne() {
    SplitMix64 random = new SplitMix64(3);
    double sum = 0;
    double squares = 0;
    int n = 50_000;
    for (int i = 0; i < n; i++) {
      double value = random.nextGaussian();
      sum += value;
      squares += value * value;
    }
    assertThat(sum / n).isCloseTo(0, within(0.03));
    assertThat(squares / n).isCloseTo(1, within(0.05));
  }

  @Test
  void anEmptyRangeIsRefused() {
    assertThatThrownBy(() -> new SplitMix64(0).nextInt(0)).hasMessageContaining("found 0");
  }
}
