package org.adaptseg.engine.cuda;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** The arguments of a launch, laid out as the driver takes them; it copies them at once. */
final class Arguments implements AutoCloseable {
  private static final int MOST = 32;

  private final LongPointer slots = new LongPointer(MOST);
  private final PointerPointer<Pointer> places = new PointerPointer<>(MOST);

  Arguments() {
    for (int i = 0; i < MOST; i++) {
      places.put(i, slots.getPointer(i));
    }
  }

  /**
   * Lays out values.
   *
   * @param values addresses and numbers as {@code Long}, {@code Integer}, {@code Float} or {@code
   *     Double}, of the sizes that the kernel declares
   */
  PointerPointer<Pointer> of(Object... values) {
    for (int i = 0; i < values.length; i++) {
      slots.put(i, bits(values[i]));
    }
    return places;
  }

  private static long bits(Object value) {
    if (value instanceof Long l) {
      return l;
    }
    if (value instanceof Integer i) {
      return i & 0xFFFFFFFFL;
    }
    if (value instanceof Float f) {
      return Float.floatToRawIntBits(f) & 0xFFFFFFFFL;
    }
    if (value instanceof Double d) {
      return Double.doubleToRawLongBits(d);
    }
    throw new IllegalArgumentException(
        "Cannot pass to a kernel: expected a number, found " + value.getClass());
  }

  @Override
  public void close() {
    places.close();
    slots.close();
  }
}
