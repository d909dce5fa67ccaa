package org.adaptseg.nn.training;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.adaptseg.nn.parallel.Ranges;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies between flat native vectors and Java arrays. */
final class FlatVectors {
  private static final int CHUNK = 16384;

  private FlatVectors() {}

  static float[] copy(INDArray flat) {
    float[] values = new float[Math.toIntExact(flat.length())];
    new FloatPointer(flat.data().addressPointer()).get(values);
    return values;
  }

  /** Whether every value is a number. */
  static boolean areFinite(INDArray flat) {
    int parts = Math.toIntExact((flat.length() + CHUNK - 1) / CHUNK);
    AtomicBoolean finite = new AtomicBoolean(true);
    Ranges.forEach(
        parts,
        () -> new Reader(flat),
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

    Reader(INDArray flat) {
      this.from = new FloatPointer(flat.data().addressPointer());
      this.length = flat.length();
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

  static void assign(INDArray flat, float[] values, String name) {
    if (flat.length() != values.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot load %s: expected %d values, found %d",
              name,
              flat.length(),
              values.length));
    }
    new FloatPointer(flat.data().addressPointer()).put(values);
  }
}
