package org.adaptseg.engine.cuda;

import java.util.Locale;
import java.util.Objects;
import org.adaptseg.engine.Vector;

/** A vector in a GPU's memory, float32. */
final class CudaVector implements Vector {
  private final CudaContext context;
  private final DeviceMemory memory;
  private final long from;
  private final long length;
  private final boolean part;

  private CudaVector(
      CudaContext context, DeviceMemory memory, long from, long length, boolean part) {
    this.context = context;
    this.memory = memory;
    this.from = from;
    this.length = length;
    this.part = part;
  }

  /** Values are 0. */
  static CudaVector allocate(CudaContext context, long length) {
    return new CudaVector(
        context,
        context.allocate(length * Float.BYTES, "a vector of " + length + " values"),
        0,
        length,
        false);
  }

  /**
   * Where its first value is; 0, a null pointer, for null.
   *
   * @throws IllegalArgumentException for a vector of another engine
   */
  static long address(Vector vector) {
    if (vector == null) {
      return 0;
    }
    if (vector instanceof CudaVector own) {
      return own.address();
    }
    throw new IllegalArgumentException(
        "Cannot compute on a GPU: expected a vector of its own, found " + vector);
  }

  private long address() {
    return memory.address() + from * Float.BYTES;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Vector part(long first, long count) {
    Objects.checkFromIndexSize(first, count, length);
    return new CudaVector(context, memory, from + first, count, true);
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
    context.upload(address(), values);
  }

  @Override
  public float[] read() {
    float[] values = new float[Math.toIntExact(length)];
    context.download(address(), values, values.length);
    return values;
  }

  @Override
  public void fill(float value) {
    context.launch("fill", length, address(), value, length);
  }

  @Override
  public void close() {
    if (!part) {
      context.free(memory);
    }
  }
}
