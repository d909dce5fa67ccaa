package org.adaptseg.data.png;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Copies of what was inflated before (RFC 1951, §3.2.3); they may overlap what they copy. */
final class Match {
  /** Writes of {@link #copy} beyond a match. */
  static final int BEYOND = Long.BYTES - 1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** From this length on the library's copy is faster. */
  private static final int LONG = 64;

  private Match() {}

  /**
   * Copies a match, and up to {@link #BEYOND} bytes more.
   *
   * @param to where it goes; it begins {@code distance} before
   */
  static void copy(byte[] target, int to, int distance, int length) {
    int from = to - distance;
    if (distance == 1) {
      Arrays.fill(target, to, to + length, target[from]);
    } else if (distance < Long.BYTES || length > LONG) {
      copyExactly(target, to, distance, length);
    } else {
      for (int i = 0; i < length; i += Long.BYTES) {
        LONGS.set(target, to + i, (long) LONGS.get(target, from + i));
      }
    }
  }

  /** Copies a match; where it overlaps itself, what there is to copy doubles with every copy. */
  static void copyExactly(byte[] target, int to, int distance, int length) {
    int done = 0;
    while (done < length) {
      int now = Math.min(distance + done, length - done);
      System.arraycopy(target, to - distance, target, to + done, now);
      done += now;
    }
  }
}
