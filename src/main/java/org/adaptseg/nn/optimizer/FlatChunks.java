package org.adaptseg.nn.optimizer;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Streams ranges of native vectors through arrays that stay in the cache. */
final class FlatChunks {
  static final int CHUNK = 8192;

  private FlatChunks() {}

  static FloatPointer pointer(INDArray flat) {
    return new FloatPointer(flat.data().addressPointer());
  }

  static void read(FloatPointer from, long at, float[] into, int n) {
    from.position(at).get(into, 0, n);
  }

  static void write(FloatPointer to, long at, float[] values, int n) {
    to.position(at).put(values, 0, n);
  }

  /** Whether a range holds zeros only; {@code chunk} is overwritten. */
  static boolean isZero(FloatPointer from, long start, long length, float[] chunk) {
    for (long at = 0; at < length; at += CHUNK) {
      int n = (int) Math.min(CHUNK, length - at);
      read(from, start + at, chunk, n);
      for (int i = 0; i < n; i++) {
        if (chunk[i] != 0f) {
          return false;
        }
      }
    }
    return true;
  }
}
