package org.adaptseg.engine.onednn;

import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/**
 * An activation argument of a primitive: knows how to get from the layout that activations are kept
 * in to the one that the primitive works on, and back.
 */
interface DnnlActivation extends AutoCloseable {
  /** The argument. */
  memory memory();

  /** Makes the array's values the argument. */
  void read(FloatPointer array);

  /** Makes the array the argument's destination; {@link #written} must follow the primitive. */
  void write(FloatPointer array);

  /** Brings what the primitive wrote to the array. */
  void written(FloatPointer array);

  @Override
  void close();
}
