package org.adaptseg.spark.round;

import java.io.DataOutput;
import java.io.IOException;
import java.nio.FloatBuffer;
import org.adaptseg.spark.task.FloatBlock;
import org.adaptseg.train.LearnerState;
import org.apache.spark.util.KnownSizeEstimation;

/**
 * One slice of a worker's state on its way into the shuffle, where it lies in the state: it becomes
 * bytes only as it is written, so a worker's state is not copied in memory. It must not change
 * before.
 */
record StateSlice(StateLayout layout, LearnerState state, int slice)
    implements KnownSizeEstimation {
  /** Number of bytes that are written. */
  int length() {
    return Math.toIntExact((layout.start(slice + 1) - layout.start(slice)) * Float.BYTES);
  }

  /** Writes the values as little-endian float32. */
  void write(DataOutput out, FloatBlock block) throws IOException {
    for (FloatBuffer values : layout.views(state, slice)) {
      block.write(values, out);
    }
  }

  /** Without the state, which is there anyway: else Spark would spill, to free what it cannot. */
  @Override
  public long estimatedSize() {
    return 32;
  }
}
