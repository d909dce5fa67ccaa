package org.adaptseg.nn.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Elementwise operations, row softmax and changes of layout. */
public interface Elementwise {
  /** a += b; both of one shape in the kernels' layout. */
  void add(INDArray a, INDArray b);

  /** a = max(a + b, 0); both of one shape in the kernels' layout. */
  void addRelu(INDArray a, INDArray b);

  /** y = y where positive, slope · y elsewhere, in place. */
  void leakyRelu(INDArray y, double slope);

  /** g = g where y is positive, slope · g elsewhere, in place; y is the activation's output. */
  void leakyReluBackward(INDArray y, INDArray g, double slope);

  /** Softmax over the columns of each row: logits and probabilities are [pixels, C]. */
  void softmax(INDArray logits, INDArray probabilities);

  /** gLogits = p ⊙ (g − Σ_c p g), row by row; g and gLogits may be the same. */
  void softmaxBackward(INDArray probabilities, INDArray g, INDArray gLogits);

  /** Activation in the kernels' layout from rows of pixels [N·H·W, C]. */
  void fromPixels(INDArray pixels, INDArray activation, FeatureShape shape);

  /** Rows of pixels [N·H·W, C] from an activation in the kernels' layout. */
  void toPixels(INDArray activation, INDArray pixels, FeatureShape shape);

  /** NCHW array from an activation in the kernels' layout. */
  void toNchw(INDArray activation, INDArray nchw, FeatureShape shape);

  /** Activation in the kernels' layout from an NCHW array. */
  void fromNchw(INDArray nchw, INDArray activation, FeatureShape shape);
}
