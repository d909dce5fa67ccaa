package org.adaptseg.engine.host;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Memory that begins on a cache line: wide loads that cross lines take twice as long, and some
 * kernels fault.
 *
 * @param whole what was allocated
 * @param aligned its part from the first cache line on
 */
public record AlignedMemory(FloatPointer whole, FloatPointer aligned) {
  /** Bytes of a cache line. */
  public static final int ALIGNMENT = 64;

  private static final long FLOATS = ALIGNMENT / 4;

  /** Values are undefined. */
  public static AlignedMemory of(long bytes) {
    FloatPointer whole = new FloatPointer((bytes + 3) / 4 + FLOATS);
    long beyond = whole.address() / 4 % FLOATS;
    return new AlignedMemory(whole, whole.getPointer((FLOATS - beyond) % FLOATS));
  }

  /** Values are 0. */
  public static AlignedMemory zeros(long bytes) {
    AlignedMemory memory = of(bytes);
    Pointer.memset(memory.aligned, 0, bytes);
    return memory;
  }

  /** Bytes that fit. */
  public long capacity() {
    return 4 * (whole.capacity() - FLOATS);
  }

  /** Gives it back. */
  public void free() {
    whole.close();
  }
}
