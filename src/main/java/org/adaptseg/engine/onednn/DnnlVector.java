package org.adaptseg.engine.onednn;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.adaptseg.engine.Vector;
import org.adaptseg.engine.host.AlignedMemory;
import org.adaptseg.engine.host.HostVector;
import org.bytedeco.javacpp.FloatPointer;

/** A vector in the processor's memory. */
final class DnnlVector implements HostVector {
  private static final int CHUNK = 16384;

  private final FloatPointer first;
  private final long length;
  private final DnnlVector whole; // null where this is no part of another
  private final Runnable free;
  private boolean closed;

  private DnnlVector(FloatPointer first, long length, DnnlVector whole, Runnable free) {
    this.first = first;
    this.length = length;
    this.whole = whole;
    this.free = free;
  }

  /** Values are 0. */
  static DnnlVector allocate(DnnlContext context, long length) {
    AlignedMemory memory = context.allocate(4 * length);
    return new DnnlVector(memory.aligned(), length, null, () -> context.free(memory));
  }

  /** Its first value, or null for null. */
  static FloatPointer pointer(Vector vector) {
    if (vector == null) {
      return null;
    }
    if (vector instanceof DnnlVector own) {
      return own.pointer();
    }
    throw new IllegalArgumentException(
        "Cannot compute with oneDNN: expected a vector of its own, found " + vector);
  }

  @Override
  public FloatPointer pointer() {
    if (isClosed()) {
      throw new IllegalStateException("Cannot use a vector: expected an open one, found it closed");
    }
    return first;
  }

  private boolean isClosed() {
    return closed || whole != null && whole.isClosed();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Vector part(long from, long size) {
    Objects.checkFromIndexSize(from, size, length);
    return new DnnlVector(pointer().getPointer(from), size, this, () -> {});
  }

  @Override
  public void write(float[] values) {
    if (values.length != length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot write to a vector: expected %d values, found %d",
              length,
              values.length));
    }
    pointer().put(values);
  }

  @Override
  public float[] read() {
    float[] values = new float[Math.toIntExact(length)];
    pointer().get(values);
    return values;
  }

  @Override
  public void fill(float value) {
    float[] chunk = new float[(int) Math.min(CHUNK, length)];
    Arrays.fill(chunk, value);
    FloatPointer at = new FloatPointer(pointer());
    for (long from = 0; from < length; from += chunk.length) {
      at.position(from).put(chunk, 0, (int) Math.min(chunk.length, length - from));
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      free.run();
    }
  }
}
