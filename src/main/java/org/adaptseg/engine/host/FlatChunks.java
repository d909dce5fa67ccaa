package org.adaptseg.engine.host;

import org.bytedeco.javacpp.FloatPointer;

/** Streams ranges of native vectors through arrays that stay in the cache. */
final class FlatChunks {
  static final int CHUNK = 8192;

  /** What a thread takes at a time. */
  static final int PART = 16 * CHUNK;

  private FlatChunks() {}

  static void read(FloatPointer from, long at, float[] into, int n) {
    from.position(at).get(into, 0, n);
  }

  static void write(FloatPointer to, long at, float[] values, int n) {
    to.position(at).put(values, 0, n);
  }

  /** Whether the first n values are finite. */
  static boolean finite(float[] values, int n) {
    // A product with 0 is NaN for what is not finite. Four sums, each of which waits for itself.
    float a = 0f;
    float b = 0f;
    float c = 0f;
    float d = 0f;
    int i = 0;
    for (; i + 4 <= n; i += 4) {
      a += values[i] * 0f;
      b += values[i + 1] * 0f;
      c += values[i + 2] * 0f;
      d += values[i + 3] * 0f;
    }
    for (; i < n; i++) {
      a += values[i] * 0f;
    }
    return a + b + c + d == 0f;
  }
}
