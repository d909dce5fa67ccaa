package org.adaptseg.spark.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Bfloat16Test {
  @Test
  void aValueIsRoundedToTheNearestAndOfTwoToTheEvenOne() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      float value = (float) ((random.nextDouble() - 0.5) * Math.pow(2, random.nextInt(-60, 60)));
      double step = Math.pow(2, Math.getExponent(value) - 7);
      assertThat((double) rounded(value)).isEqualTo(Math.rint(value / step) * step);
    }
    assertThat(rounded(1 + 1f / 256)).isEqualTo(1);
    assertThat(rounded(1 + 3f / 256)).isEqualTo(1 + 4f / 256);
    assertThat(Float.floatToRawIntBits(rounded(-0f))).isEqualTo(Float.floatToRawIntBits(-0f));
  }

  @Test
  void whatIsNotFiniteStaysSo() {
    assertThat(rounded(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(rounded(Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
    // The payload of this NaN is in the lower half alone.
    assertThat(rounded(Float.intBitsToFloat(0x7f800001))).isNaN();
    for (float after : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertThat(Float.isFinite(1 + Bfloat16.value(Bfloat16.difference(1, after)))).isFalse();
    }
  }

  @Test
  void aDifferenceNeverLeadsBeyondZero() {
    // To the nearest it would be 1 and lead to -0.0005.
    assertThat(Bfloat16.value(Bfloat16.difference(0.9995f, 0.0005f))).isEqualTo(-255f / 256);
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 100_000; i++) {
      float before = (float) random.nextDouble();
      float after = (float) (before * random.nextDouble() * Math.pow(2, -random.nextInt(20)));
      float there = before + Bfloat16.value(Bfloat16.difference(before, after));
      assertThat(there).isGreaterThanOrEqualTo(0);
      assertThat(before + there - before).isCloseTo(after, within(before));
      assertThat(-before + Bfloat16.value(Bfloat16.difference(-before, -after))).isEqualTo(-there);
    }
  }

  /** A last bit of the difference, and what float32 itself cannot tell. */
  private static org.assertj.core.data.Offset<Float> within(float before) {
    return org.assertj.core.api.Assertions.within(before / 128);
  }

  private static float rounded(float value) {
    return Bfloat16.value(Bfloat16.nearest(value));
  }
}
