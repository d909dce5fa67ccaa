package org.adaptseg.engine;

/** Bilinear upsampling, from a map to the pixels of an image. */
public interface Upsampling extends AutoCloseable {
  /**
   * @param small map or logits
   * @param pixels {@link Tensor.Kind#PIXELS}, overwritten
   */
  void forward(Tensor small, Tensor pixels);

  /**
   * The adjoint.
   *
   * @param gradPixels {@link Tensor.Kind#PIXELS}
   * @param gradSmall map or logits, overwritten
   */
  void backward(Tensor gradPixels, Tensor gradSmall);

  @Override
  void close();
}
