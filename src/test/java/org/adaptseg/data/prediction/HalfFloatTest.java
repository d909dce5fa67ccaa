package org.adaptseg.data.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfFloatTest {
  private static final int INFINITE = 0x7C00;

  private static double value(int half) {
    int exponent = half >> 10;
    int fraction = half & 1023;
    return exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * Math.pow(2, exponent - 25.0);
  }

  @Test
  void everyHalfIsItself() {
    for (int half = 0; half < INFINITE; half++) {
      assertThat(HalfFloat.of((float) value(half))).isEqualTo((short) half);
    }
  }

  @Test
  void whatIsBetweenGoesToTheNearestAndFromTheMiddleToTheEvenOne() {
    for (int half = 0; half < INFINITE - 1; half++) {
      double middle = (value(half) + value(half + 1)) / 2;
      float at = (float) middle;
      assertThat((double) at).isEqualTo(middle);
      int even = half % 2 == 0 ? half : half + 1;
      assertThat(HalfFloat.of(at)).as("%s", middle).isEqualTo((short) even);
      assertThat(HalfFloat.of(Math.nextDown(at))).isEqualTo((short) half);
      assertThat(HalfFloat.of(Math.nextUp(at))).isEqualTo((short) (half + 1));
    }
  }
}
