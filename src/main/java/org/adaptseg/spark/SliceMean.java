package org.adaptseg.spark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * The mean of one slice over the workers. The rule, to the bit: add the float32 values in float64
 * in worker order, beginning with worker 0's value, divide by the number of workers in float64,
 * round to float32. It is elementwise, so it does not depend on how a state is sliced.
 */
final class SliceMean {
  private static final int BLOCK = 1 << 14;

  private final int slice;
  private final int workers;
  private double[] sum;
  private int added;

  SliceMean(int slice, int workers) {
    this.slice = slice;
    this.workers = workers;
  }

  /** Adds the part of the next worker. */
  void add(int worker, byte[] part) {
    if (worker != added || worker >= workers) {
      throw new IllegalStateException(
          "Cannot average slice %d: expected the part of worker %d of %d, found that of worker %d"
              .formatted(slice, added, workers, worker));
    }
    int length = part.length / Float.BYTES;
    if (sum == null) {
      sum = new double[length];
    }
    if (length != sum.length) {
      throw new IllegalStateException(
          "Cannot average slice %d: expected %d values, found %d (worker %d)"
              .formatted(slice, sum.length, length, worker));
    }
    FloatBuffer values = floats(part);
    float[] block = new float[Math.min(BLOCK, length)];
    for (int start = 0; start < length; start += BLOCK) {
      int count = Math.min(BLOCK, length - start);
      values.get(block, 0, count);
      for (int i = 0; i < count; i++) {
        // Worker 0 is assigned, not added: 0 + (-0) would lose the sign of a zero.
        sum[start + i] = worker == 0 ? block[i] : sum[start + i] + block[i];
      }
    }
    added++;
  }

  /** The mean, once every worker was added. */
  byte[] mean() {
    if (added != workers) {
      throw new IllegalStateException(
          "Cannot average slice %d: expected %d workers, found %d"
              .formatted(slice, workers, added));
    }
    byte[] result = new byte[sum.length * Float.BYTES];
    FloatBuffer values = floats(result);
    float[] block = new float[Math.min(BLOCK, sum.length)];
    for (int start = 0; start < sum.length; start += BLOCK) {
      int count = Math.min(BLOCK, sum.length - start);
      for (int i = 0; i < count; i++) {
        block[i] = (float) (sum[start + i] / workers);
      }
      values.put(block, 0, count);
    }
    return result;
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
