package org.adaptseg.engine;

/**
 * The class of the highest score for every pixel of an image, from logits of a map: bilinear
 * upsampling and arg-max.
 */
public interface ArgMax extends AutoCloseable {
  /**
   * Classes of the pixels image by image and row by row, the first of equal ones.
   *
   * @param logits of the shape that this was made for
   */
  byte[] of(Tensor logits);

  @Override
  void close();
}
