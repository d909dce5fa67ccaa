package org.adaptseg.spark.round;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;
import org.adaptseg.spark.task.Bfloat16;

/**
 * The values of slices as workers send them: those of the state or, where they are {@link
 * Differences}, these, rounded. For one thread; a result is good until the next.
 */
final class SentValues {
  private final StateLayout layout;
  private float[] values = new float[0];

  SentValues(StateLayout layout) {
    this.layout = layout;
  }

  /** What a worker sent of a slice. */
  FloatBuffer read(byte[] sent, int slice) {
    ByteBuffer bytes = ByteBuffer.wrap(sent).order(ByteOrder.LITTLE_ENDIAN);
    List<Differences.Stretch> stretches =
        layout.differences().within(layout.start(slice), layout.start(slice + 1));
    if (stretches.stream().noneMatch(Differences.Stretch::different)) {
      return bytes.asFloatBuffer();
    }
    if (sent.length != layout.sentBytes(slice)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot read a slice: expected %d bytes, found %d (slice %d of %d)",
              layout.sentBytes(slice),
              sent.length,
              slice,
              layout.slices()));
    }
    int length = makeRoom(layout.start(slice + 1) - layout.start(slice));
    int at = 0;
    for (Differences.Stretch stretch : stretches) {
      int count = (int) (stretch.to() - stretch.from());
      if (stretch.different()) {
        for (int i = 0; i < count; i++) {
          values[at + i] = Bfloat16.value(bytes.getShort());
        }
      } else {
        bytes.asFloatBuffer().get(values, at, count);
        bytes.position(bytes.position() + count * Float.BYTES);
      }
      at += count;
    }
    return FloatBuffer.wrap(values, 0, length);
  }

  /**
   * What a worker of this process would send.
   *
   * @param before what is left in it is what the round began with
   * @param after as many values that it ended with
   * @param offset of the first one in the state
   */
  FloatBuffer of(FloatBuffer before, FloatBuffer after, long offset) {
    List<Differences.Stretch> stretches =
        layout.differences().within(offset, offset + after.remaining());
    if (stretches.stream().noneMatch(Differences.Stretch::different)) {
      return after;
    }
    int length = makeRoom(after.remaining());
    after.get(values, 0, length);
    for (Differences.Stretch stretch : stretches) {
      if (stretch.different()) {
        round(before, (int) (stretch.from() - offset), (int) (stretch.to() - offset));
      }
    }
    return FloatBuffer.wrap(values, 0, length);
  }

  private void round(FloatBuffer before, int from, int to) {
    int begin = before.position();
    for (int i = from; i < to; i++) {
      values[i] = Bfloat16.value(Bfloat16.difference(before.get(begin + i), values[i]));
    }
  }

  private int makeRoom(long length) {
    if (values.length < length) {
      values = new float[Math.toIntExact(length)];
    }
    return (int) length;
  }
}
