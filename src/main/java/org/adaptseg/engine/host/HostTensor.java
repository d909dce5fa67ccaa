package org.adaptseg.engine.host;

import org.adaptseg.engine.Tensor;
import org.bytedeco.javacpp.FloatPointer;

/** A tensor in the processor's memory. */
public interface HostTensor extends Tensor {
  /** Its first value. */
  FloatPointer pointer();

  /**
   * The first value of a tensor.
   *
   * @throws IllegalArgumentException for one that is elsewhere
   */
  static FloatPointer pointer(Tensor tensor) {
    if (tensor instanceof HostTensor host) {
      return host.pointer();
    }
    throw new IllegalArgumentException(
        "Cannot compute on the processor: expected a tensor in its memory, found " + tensor);
  }
}
