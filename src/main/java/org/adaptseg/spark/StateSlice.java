package org.adaptseg.spark;

import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.adaptseg.train.LearnerState;
import org.apache.spark.util.KnownSizeEstimation;

/**
 * One slice of a worker's state on its way into the shuffle, where it lies in the state: it becomes
 * bytes only as it is written, so a worker's state is not copied in memory. It must not change
 * before.
 */
record StateSlice(StateLayout layout, LearnerState state, int slice)
    implements KnownSizeEstimation {
  private static final int BLOCK = 1 << 14;

  /** What {@link #write} copies through; one for many slices. */
  static byte[] block() {
    return new byte[BLOCK * Float.BYTES];
  }

  /** Number of bytes that are written. */
  int length() {
    return Math.toIntExact((layout.start(slice + 1) - layout.start(slice)) * Float.BYTES);
  }

  /** Writes the values as little-endian float32. */
  void write(DataOutput out, byte[] block) throws IOException {
    FloatBuffer floats = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (FloatBuffer values : layout.views(state, slice)) {
      while (values.hasRemaining()) {
        int count = Math.min(floats.capacity(), values.remaining());
        floats.put(0, values, values.position(), count);
        out.write(block, 0, count * Float.BYTES);
        values.position(values.position() + count);
      }
    }
  }

  /** Without the state, which is there anyway: else Spark would spill, to free what it cannot. */
  @Override
  public long estimatedSize() {
    return 32;
  }
}
