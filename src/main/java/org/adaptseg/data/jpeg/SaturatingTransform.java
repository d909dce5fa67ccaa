package org.adaptseg.data.jpeg;

/**
 * {@link InverseTransform} in 16 bits, as vector units do it: sums of two wrap around, results of a
 * pass saturate. The two differ only where coefficients are larger than those of pictures, as
 * coarse quantisation of sharp edges makes them.
 */
final class SaturatingTransform {
  private SaturatingTransform() {}

  /**
   * Turns a block into samples.
   *
   * @param block 64 coefficients of 16 bits, row-major; is changed
   */
  static void run(int[] block, byte[] samples, int at, int stride) {
    boolean oneRow = true;
    for (int i = 8; i < block.length; i++) {
      oneRow &= block[i] == 0;
    }
    for (int column = 0; column < 8; column++) {
      if (oneRow) {
        for (int i = 56; i >= 0; i -= 8) {
          block[column + i] = (short) (block[column] << 2);
        }
      } else {
        pass(block, column, 8, 11);
      }
    }
    for (int row = 0; row < 8; row++) {
      pass(block, 8 * row, 1, 18);
      for (int x = 0; x < 8; x++) {
        samples[at + row * stride + x] = (byte) InverseTransform.sample(block[8 * row + x]);
      }
    }
  }

  /** Eight values to eight, in place. */
  private static void pass(int[] b, int at, int step, int shift) {
    int in0 = b[at];
    int in1 = b[at + step];
    int in2 = b[at + 2 * step];
    int in3 = b[at + 3 * step];
    int in4 = b[at + 4 * step];
    int in5 = b[at + 5 * step];
    int in6 = b[at + 6 * step];
    int in7 = b[at + 7 * step];
    int round = 1 << shift - 1;
    int even3 = in2 * (4433 + 6270) + in6 * 4433;
    int even2 = in2 * 4433 + in6 * (4433 - 15137);
    int even0 = (short) (in0 + in4) << 13;
    int even1 = (short) (in0 - in4) << 13;
    int e0 = even0 + even3 + round;
    int e3 = even0 - even3 + round;
    int e1 = even1 + even2 + round;
    int e2 = even1 - even2 + round;
    int z3 = (short) (in7 + in3);
    int z4 = (short) (in5 + in1);
    int y3 = z3 * (9633 - 16069) + z4 * 9633;
    int y4 = z3 * 9633 + z4 * (9633 - 3196);
    int o0 = in7 * (2446 - 7373) + in1 * -7373 + y3;
    int o1 = in5 * (16819 - 20995) + in3 * -20995 + y4;
    int o2 = in3 * (25172 - 20995) + in5 * -20995 + y3;
    int o3 = in1 * (12299 - 7373) + in7 * -7373 + y4;
    b[at] = saturated(e0 + o3 >> shift);
    b[at + 7 * step] = saturated(e0 - o3 >> shift);
    b[at + step] = saturated(e1 + o2 >> shift);
    b[at + 6 * step] = saturated(e1 - o2 >> shift);
    b[at + 2 * step] = saturated(e2 + o1 >> shift);
    b[at + 5 * step] = saturated(e2 - o1 >> shift);
    b[at + 3 * step] = saturated(e3 + o0 >> shift);
    b[at + 4 * step] = saturated(e3 - o0 >> shift);
  }

  private static int saturated(int value) {
    return Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value));
  }
}
