package org.adaptseg.spark.round;

import java.io.DataOutput;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;
import org.adaptseg.spark.task.FloatBlock;
import org.adaptseg.train.LearnerState;
import org.apache.spark.util.KnownSizeEstimation;

/**
 * One slice of a worker's state on its way into the shuffle, where it lies in the state: it becomes
 * bytes only as it is written, so a worker's state is not copied in memory. It must not change
 * before.
 *
 * @param before what the round began with
 */
record StateSlice(StateLayout layout, LearnerState before, LearnerState state, int slice)
    implements KnownSizeEstimation {
  /** Number of bytes that are written. */
  int length() {
    return layout.sentBytes(slice);
  }

  /** Writes the values as little-endian float32, and differences as bfloat16. */
  void write(DataOutput out, FloatBlock block) throws IOException {
    List<FloatBuffer> from = layout.views(before, slice);
    List<FloatBuffer> to = layout.views(state, slice);
    long offset = layout.start(slice);
    for (int view = 0; view < to.size(); view++) {
      FloatBuffer values = to.get(view);
      int begin = values.position();
      int length = values.remaining();
      for (Differences.Stretch stretch : layout.differences().within(offset, offset + length)) {
        int first = begin + (int) (stretch.from() - offset);
        int count = (int) (stretch.to() - stretch.from());
        FloatBuffer part = slice(values, first, count);
        if (stretch.different()) {
          int same = from.get(view).position() + (int) (stretch.from() - offset);
          block.writeDifferences(slice(from.get(view), same, count), part, out);
        } else {
          block.write(part, out);
        }
      }
      offset += length;
    }
  }

  private static FloatBuffer slice(FloatBuffer values, int first, int count) {
    return values.duplicate().limit(first + count).position(first);
  }

  /** Without the state, which is there anyway: else Spark would spill, to free what it cannot. */
  @Override
  public long estimatedSize() {
    return 32;
  }
}
