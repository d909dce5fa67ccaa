package org.adaptseg.engine.host;

import org.adaptseg.engine.Vector;
import org.bytedeco.javacpp.FloatPointer;

/** A vector in the processor's memory. */
public interface HostVector extends Vector {
  /** Its first value. */
  FloatPointer pointer();

  /**
   * The first value of a vector.
   *
   * @throws IllegalArgumentException for one that is elsewhere
   */
  static FloatPointer pointer(Vector vector) {
    if (vector instanceof HostVector host) {
      return host.pointer();
    }
    throw new IllegalArgumentException(
        "Cannot compute on the processor: expected a vector in its memory, found " + vector);
  }
}
