package org.adaptseg.engine;

/** Elementwise operations, softmax and changes of layout. */
public interface Elementwise {
  /** a += b; both of one shape and kind. */
  void add(Tensor a, Tensor b);

  /** a = max(a + b, 0); both of one shape and kind. */
  void addRelu(Tensor a, Tensor b);

  /** y = y where positive, slope · y elsewhere, in place. */
  void leakyRelu(Tensor y, double slope);

  /** g = g where y is positive, slope · g elsewhere, in place; y is the activation's output. */
  void leakyReluBackward(Tensor y, Tensor g, double slope);

  /** Softmax over the channels of each pixel; both {@link Tensor.Kind#PIXELS}. */
  void softmax(Tensor logits, Tensor probabilities);

  /**
   * gLogits = p ⊙ (g − Σ_c p g), pixel by pixel; g and gLogits may be the same. All are {@link
   * Tensor.Kind#PIXELS}.
   */
  void softmaxBackward(Tensor probabilities, Tensor g, Tensor gLogits);

  /** A map from pixels of the same shape. */
  void fromPixels(Tensor pixels, Tensor map);

  /** Pixels from a map of the same shape. */
  void toPixels(Tensor map, Tensor pixels);

  /** to = from; both of one shape and kind. */
  void copy(Tensor from, Tensor to);

  /** Sets all values to 0. */
  void clear(Tensor tensor);
}
