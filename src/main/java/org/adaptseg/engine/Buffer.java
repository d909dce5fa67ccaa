package org.adaptseg.engine;

/**
 * Memory that holds one tensor at a time, of any shape. It grows as needed; a tensor that it gave
 * before it grew can no longer be used.
 */
public interface Buffer extends AutoCloseable {
  /** What its tensors hold. */
  Tensor.Kind kind();

  /**
   * The buffer as a tensor of a shape, always the same one while the buffer does not grow. Values
   * are those of whatever the buffer held, 0 at first.
   */
  Tensor as(FeatureShape shape);

  /** Whether a tensor is in this memory. */
  boolean holds(Tensor tensor);

  @Override
  void close();
}
