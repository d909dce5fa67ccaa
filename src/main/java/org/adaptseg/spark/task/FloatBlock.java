package org.adaptseg.spark.task;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/**
 * Copies float32 values to and from streams as little-endian bytes, through a block that stays in a
 * processor's cache; their differences to others as bfloat16. For one thread; keeps nothing from
 * one call to the next.
 */
public final class FloatBlock {
  private static final int VALUES = 1 << 14;

  private final byte[] bytes = new byte[VALUES * Float.BYTES];
  private final FloatBuffer floats =
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();

  /** Writes what is left in a buffer. */
  public void write(FloatBuffer values, DataOutput out) throws IOException {
    while (values.hasRemaining()) {
      int count = Math.min(VALUES, values.remaining());
      floats.put(0, values, values.position(), count);
      out.write(bytes, 0, count * Float.BYTES);
      values.position(values.position() + count);
    }
  }

  /**
   * Writes what is left in a buffer as differences in bfloat16, 2 bytes each.
   *
   * @param before as many values, what the differences are to
   */
  public void writeDifferences(FloatBuffer before, FloatBuffer values, DataOutput out)
      throws IOException {
    ShortBuffer shorts = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    while (values.hasRemaining()) {
      int count = Math.min(shorts.capacity(), values.remaining());
      for (int i = 0; i < count; i++) {
        shorts.put(i, Bfloat16.difference(before.get(), values.get()));
      }
      out.write(bytes, 0, count * Short.BYTES);
    }
  }

  /** Fills an array. */
  void read(DataInput in, float[] values) throws IOException {
    for (int start = 0; start < values.length; start += VALUES) {
      int count = Math.min(VALUES, values.length - start);
      in.readFully(bytes, 0, count * Float.BYTES);
      floats.get(0, values, start, count);
    }
  }
}
