package org.adaptseg.engine.host;

import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.FloatPointer;

/** Looks for values that are not numbers. */
public final class Finiteness {
  private static final int CHUNK = 16384;

  private Finiteness() {}

  /** Whether every value is a number. */
  public static boolean of(FloatPointer flat, long length) {
    int parts = Math.toIntExact((length + CHUNK - 1) / CHUNK);
    AtomicBoolean finite = new AtomicBoolean(true);
    Ranges.forEach(
        parts,
        () -> new Reader(flat, length),
        (reader, part) -> {
          if (!reader.isFinite((long) part * CHUNK)) {
            finite.set(false);
          }
        });
    return finite.get();
  }

  /** Reads chunks through an array that stays in the cache. */
  private static final class Reader {
    private final FloatPointer from;
    private final long length;
    private final float[] values = new float[CHUNK];

    Reader(FloatPointer flat, long length) {
      this.from = new FloatPointer(flat);
      this.length = length;
    }

    boolean isFinite(long at) {
      int n = (int) Math.min(CHUNK, length - at);
      from.position(at).get(values, 0, n);
      // A product with 0 is NaN for what is not finite. Sums that need not wait for each other.
      float even = 0f;
      float odd = 0f;
      for (int i = 1; i < n; i += 2) {
        even += values[i - 1] * 0f;
        odd += values[i] * 0f;
      }
      return even + odd + values[n - 1] * 0f == 0f;
    }
  }
}
