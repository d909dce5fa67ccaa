package org.adaptseg.engine.host;

import java.util.Locale;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Memory that begins on a cache line: wide loads that cross lines take twice as long, and some
 * kernels fault. It lasts until it is given back, whatever the garbage collector does; and it is
 * not counted by JavaCPP, whose limit by default is the size of the Java heap.
 *
 * @param whole what was allocated
 * @param aligned its part from the first cache line on
 * @param capacity bytes of that part
 */
public record AlignedMemory(Pointer whole, FloatPointer aligned, long capacity) {
  /** Bytes of a cache line. */
  public static final int ALIGNMENT = 64;

  private static final int FLOAT = 4;

  /**
   * Values are undefined.
   *
   * @throws OutOfMemoryError if the system gives no more
   */
  public static AlignedMemory of(long bytes) {
    return aligned(Pointer.malloc(bytes + ALIGNMENT), bytes);
  }

  /**
   * Values are 0. The system gives pages when they are used: what is never touched costs nothing.
   *
   * @throws OutOfMemoryError if the system gives no more
   */
  public static AlignedMemory zeros(long bytes) {
    return aligned(Pointer.calloc(1, bytes + ALIGNMENT), bytes);
  }

  private static AlignedMemory aligned(Pointer whole, long bytes) {
    if (whole == null || whole.isNull()) {
      throw new OutOfMemoryError(
          String.format(
              Locale.ROOT,
              "Cannot allocate memory for numbers: expected %d bytes more, found that the system gives none",
              bytes));
    }
    long beyond = whole.address() % ALIGNMENT;
    FloatPointer aligned =
        new FloatPointer(whole).getPointer((ALIGNMENT - beyond) % ALIGNMENT / FLOAT);
    return new AlignedMemory(whole, aligned, bytes);
  }

  /** Gives it back. */
  public void free() {
    Pointer.free(whole);
  }
}
