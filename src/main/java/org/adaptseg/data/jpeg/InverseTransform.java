package org.adaptseg.data.jpeg;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The inverse cosine transform of 8×8 coefficients in integers, by the algorithm of Loeffler,
 * Ligtenberg and Moschytz ("Practical fast 1-D DCT algorithms with 11 multiplications", ICASSP
 * 1989) with constants of 13 bits, as libjpeg's accurate method has it. Every rounding is that
 * method's. Coefficients that no picture gives make its vector form, which all programs use,
 * saturate at 16 bits; so does this one.
 */
final class InverseTransform {
  /** Of every place in zigzag order, the place in row-major order (T.81, figure A.6). */
  static final int[] ZIGZAG = {
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
  };

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;

  /** Bits of the constants' fractions. */
  private static final int FRACTION = 13;

  /** Further bits that values keep between the two passes. */
  private static final int KEPT = 2;

  private static final int FIRST_SHIFT = FRACTION - KEPT;
  private static final int SECOND_SHIFT = FRACTION + KEPT + 3;

  // Named after their values, in units of 2^-13.
  private static final int C_0_298 = 2446;
  private static final int C_0_390 = 3196;
  private static final int C_0_541 = 4433;
  private static final int C_0_765 = 6270;
  private static final int C_0_899 = 7373;
  private static final int C_1_175 = 9633;
  private static final int C_1_501 = 12299;
  private static final int C_1_847 = 15137;
  private static final int C_1_961 = 16069;
  private static final int C_2_053 = 16819;
  private static final int C_2_562 = 20995;
  private static final int C_3_072 = 25172;

  /**
   * No sum within the transform of coefficients whose magnitudes add up to this leaves 16 bits: a
   * pass weighs each with at most 1.39 and keeps two bits more.
   */
  private static final int MOST_USUAL = 5800;

  /** More than that, or a constant part of more than a quarter, is not an 8-bit picture. */
  private static final int MOST = Short.MAX_VALUE;

  /** Coefficients times their steps, row-major; cleared by every run. */
  final int[] block = new int[Component.BLOCK];

  private final int[] between = new int[Component.BLOCK];

  /**
   * Turns {@link #block} into samples and clears it.
   *
   * @param last place in zigzag order of the last coefficient that is not 0
   * @param sum of the coefficients' magnitudes
   * @param at where the first of 8 rows of 8 samples stands
   * @throws IOException if the coefficients are beyond all pictures
   */
  void run(int last, long sum, byte[] samples, int at, int stride) throws IOException {
    if (sum > MOST || Math.abs(block[0]) > MOST / 4) {
      throw new IOException("damaged JPEG data: coefficients beyond those of 8 bits a sample");
    }
    if (last == 0) {
      constant(samples, at, stride);
      block[0] = 0;
      return;
    }
    if (sum > MOST_USUAL) {
      SaturatingTransform.run(block, samples, at, stride);
    } else {
      for (int column = 0; column < 8; column++) {
        first(column);
      }
      for (int row = 0; row < 8; row++) {
        second(8 * row, samples, at + row * stride);
      }
    }
    Arrays.fill(block, 0);
  }

  private void constant(byte[] samples, int at, int stride) {
    int value = sample((block[0] << KEPT) + (1 << KEPT + 2) >> KEPT + 3);
    long eight = (value & 0xFFL) * ONES;
    for (int row = 0; row < 8; row++) {
      LONGS.set(samples, at + row * stride, eight);
    }
  }

  private void first(int c) {
    int[] in = block;
    int[] out = between;
    int in1 = in[c + 8];
    int in2 = in[c + 16];
    int in3 = in[c + 24];
    int in4 = in[c + 32];
    int in5 = in[c + 40];
    int in6 = in[c + 48];
    int in7 = in[c + 56];
    if ((in1 | in2 | in3 | in4 | in5 | in6 | in7) == 0) {
      int value = in[c] << KEPT;
      out[c] = value;
      out[c + 8] = value;
      out[c + 16] = value;
      out[c + 24] = value;
      out[c + 32] = value;
      out[c + 40] = value;
      out[c + 48] = value;
      out[c + 56] = value;
      return;
    }
    int z = (in2 + in6) * C_0_541;
    int even2 = z - in6 * C_1_847;
    int even3 = z + in2 * C_0_765;
    int even0 = in[c] + in4 << FRACTION;
    int even1 = in[c] - in4 << FRACTION;
    int round = 1 << FIRST_SHIFT - 1;
    int e0 = even0 + even3 + round;
    int e3 = even0 - even3 + round;
    int e1 = even1 + even2 + round;
    int e2 = even1 - even2 + round;
    int z1 = (in7 + in1) * -C_0_899;
    int z2 = (in5 + in3) * -C_2_562;
    int z3 = in7 + in3;
    int z4 = in5 + in1;
    int z5 = (z3 + z4) * C_1_175;
    z3 = z3 * -C_1_961 + z5;
    z4 = z4 * -C_0_390 + z5;
    int o0 = in7 * C_0_298 + z1 + z3;
    int o1 = in5 * C_2_053 + z2 + z4;
    int o2 = in3 * C_3_072 + z2 + z3;
    int o3 = in1 * C_1_501 + z1 + z4;
    out[c] = e0 + o3 >> FIRST_SHIFT;
    out[c + 56] = e0 - o3 >> FIRST_SHIFT;
    out[c + 8] = e1 + o2 >> FIRST_SHIFT;
    out[c + 48] = e1 - o2 >> FIRST_SHIFT;
    out[c + 16] = e2 + o1 >> FIRST_SHIFT;
    out[c + 40] = e2 - o1 >> FIRST_SHIFT;
    out[c + 24] = e3 + o0 >> FIRST_SHIFT;
    out[c + 32] = e3 - o0 >> FIRST_SHIFT;
  }

  private void second(int r, byte[] samples, int at) {
    int[] in = between;
    int in1 = in[r + 1];
    int in2 = in[r + 2];
    int in3 = in[r + 3];
    int in4 = in[r + 4];
    int in5 = in[r + 5];
    int in6 = in[r + 6];
    int in7 = in[r + 7];
    if ((in1 | in2 | in3 | in4 | in5 | in6 | in7) == 0) {
      int value = sample(in[r] + (1 << KEPT + 2) >> KEPT + 3);
      LONGS.set(samples, at, (value & 0xFFL) * ONES);
      return;
    }
    int z = (in2 + in6) * C_0_541;
    int even2 = z - in6 * C_1_847;
    int even3 = z + in2 * C_0_765;
    int even0 = in[r] + in4 << FRACTION;
    int even1 = in[r] - in4 << FRACTION;
    int round = (1 << SECOND_SHIFT - 1) + (128 << SECOND_SHIFT); // samples are around 128
    int e0 = even0 + even3 + round;
    int e3 = even0 - even3 + round;
    int e1 = even1 + even2 + round;
    int e2 = even1 - even2 + round;
    int z1 = (in7 + in1) * -C_0_899;
    int z2 = (in5 + in3) * -C_2_562;
    int z3 = in7 + in3;
    int z4 = in5 + in1;
    int z5 = (z3 + z4) * C_1_175;
    z3 = z3 * -C_1_961 + z5;
    z4 = z4 * -C_0_390 + z5;
    int o0 = in7 * C_0_298 + z1 + z3;
    int o1 = in5 * C_2_053 + z2 + z4;
    int o2 = in3 * C_3_072 + z2 + z3;
    int o3 = in1 * C_1_501 + z1 + z4;
    store(
        e0 + o3 >> SECOND_SHIFT,
        e1 + o2 >> SECOND_SHIFT,
        e2 + o1 >> SECOND_SHIFT,
        e3 + o0 >> SECOND_SHIFT,
        e3 - o0 >> SECOND_SHIFT,
        e2 - o1 >> SECOND_SHIFT,
        e1 - o2 >> SECOND_SHIFT,
        e0 - o3 >> SECOND_SHIFT,
        samples,
        at);
  }

  /** Stores a row of samples, of values that are those around 128 already. */
  private static void store(
      int v0, int v1, int v2, int v3, int v4, int v5, int v6, int v7, byte[] samples, int at) {
    if (((v0 | v1 | v2 | v3 | v4 | v5 | v6 | v7) & ~0xFF) == 0) {
      // Most rows leave the range nowhere.
      int low = v0 | v1 << 8 | v2 << 16 | v3 << 24;
      int high = v4 | v5 << 8 | v6 << 16 | v7 << 24;
      LONGS.set(samples, at, low & 0xFFFFFFFFL | (long) high << 32);
      return;
    }
    samples[at] = bounded(v0);
    samples[at + 1] = bounded(v1);
    samples[at + 2] = bounded(v2);
    samples[at + 3] = bounded(v3);
    samples[at + 4] = bounded(v4);
    samples[at + 5] = bounded(v5);
    samples[at + 6] = bounded(v6);
    samples[at + 7] = bounded(v7);
  }

  private static byte bounded(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }

  /** Shifts a value around 0 to one around 128, within 0..255. */
  static int sample(int value) {
    return Math.max(-128, Math.min(127, value)) + 128;
  }
}
