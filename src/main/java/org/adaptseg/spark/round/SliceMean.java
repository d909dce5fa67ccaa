package org.adaptseg.spark.round;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Locale;

/**
 * The mean of one slice over the workers. The rule, to the bit: add the float32 values in float64
 * in worker order, beginning with worker 0's value, divide by the number of workers in float64,
 * round to float32. It is elementwise, so it does not depend on how a state is sliced.
 */
final class SliceMean {
  private static final int BLOCK = 1 << 14;

  private final int workers;
  private final Spread spread;
  private final float[] block = new float[BLOCK];
  private double[] sum = new double[0];
  private int slice;
  private long offset;
  private int length;
  private int added;

  /**
   * The means of slices, one after the other.
   *
   * @param workers number of workers, at least 1
   */
  SliceMean(int workers) {
    this(workers, new Spread(TrainedRanges.NONE, workers));
  }

  /**
   * As the other.
   *
   * @param spread is given what is averaged
   */
  SliceMean(int workers, Spread spread) {
    this.workers = workers;
    this.spread = spread;
  }

  /** Begins with a slice. */
  void begin(int slice) {
    begin(slice, 0);
  }

  /**
   * Begins with a slice, or a part of it.
   *
   * @param offset of its first value in the state
   */
  void begin(int slice, long offset) {
    this.slice = slice;
    this.offset = offset;
    added = 0;
  }

  /** Adds the part of the next worker. */
  void add(int worker, byte[] part) {
    add(worker, floats(part));
  }

  /** Adds what is left in the next worker's part. */
  void add(int worker, FloatBuffer part) {
    if (worker != added || worker >= workers) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot average slice %d: expected the part of worker %d of %d, found that of worker %d",
              slice,
              added,
              workers,
              worker));
    }
    int values = part.remaining();
    if (worker == 0) {
      length = values;
      if (sum.length < length) {
        sum = new double[length];
      }
      spread.begin(offset, length);
    }
    if (values != length) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot average slice %d: expected %d values, found %d (worker %d)",
              slice,
              length,
              values,
              worker));
    }
    for (int start = 0; start < length; start += BLOCK) {
      int count = Math.min(BLOCK, length - start);
      part.get(block, 0, count);
      spread.add(worker, block, start, count);
      if (worker == 0) {
        set(start, count);
      } else {
        addTo(start, count);
      }
    }
    added++;
  }

  // Methods for single blocks: Java compiles what is called often.

  /** Not added: 0 + (-0) would lose the sign of a zero. */
  private void set(int start, int count) {
    for (int i = 0; i < count; i++) {
      sum[start + i] = block[i];
    }
  }

  private void addTo(int start, int count) {
    for (int i = 0; i < count; i++) {
      sum[start + i] += block[i];
    }
  }

  private void divide(int start, int count) {
    for (int i = 0; i < count; i++) {
      block[i] = (float) (sum[start + i] / workers);
    }
  }

  private void multiply(int start, int count, double factor) {
    for (int i = 0; i < count; i++) {
      block[i] = (float) (sum[start + i] * factor);
    }
  }

  /** The mean, once every worker was added. */
  byte[] mean() {
    byte[] result = new byte[length * Float.BYTES];
    mean(floats(result));
    return result;
  }

  /** Writes the mean, once every worker was added. */
  void mean(FloatBuffer into) {
    if (added != workers) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot average slice %d: expected %d workers, found %d",
              slice,
              workers,
              added));
    }
    spread.end(sum);
    for (int start = 0; start < length; start += BLOCK) {
      int count = Math.min(BLOCK, length - start);
      if (Integer.bitCount(workers) == 1) {
        // The same bits: the inverse of a power of two is exact, and a sum of float32 values far
        // from float64's smallest. A division takes four times as long.
        multiply(start, count, 1.0 / workers);
      } else {
        divide(start, count);
      }
      into.put(block, 0, count);
    }
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
