package org.adaptseg.nn.kernels;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The port between what a layer computes and how. Operators are made once per shape and kept;
 * activations live in arrays of {@link #activationShape}, whose layout is the kernels' own.
 *
 * <p>Not thread-safe: one worker, one instance.
 */
public interface Kernels extends AutoCloseable {
  /** Bytes that arrays of activations should begin at a multiple of; others work, more slowly. */
  int ALIGNMENT = 64;

  /**
   * Type of parameters, gradients, statistics, logits and rows of pixels: float32, or float64 where
   * finite differences are taken.
   */
  DataType dataType();

  /** Type of feature maps and of their gradients: {@link #dataType}, or bfloat16. */
  default DataType mapType() {
    return dataType();
  }

  /** Array shape that feature maps of this shape take in the kernels' layout. */
  long[] activationShape(FeatureShape shape);

  /** The feature-map shape of an array in the kernels' layout with the given true channels. */
  FeatureShape shapeOf(INDArray activation, int channels);

  /** A convolution; the caller closes it. */
  Convolution convolution(ConvolutionShape shape);

  /**
   * A convolution at evaluation; the caller closes it.
   *
   * @param shape its bias does not matter: every channel gets a shift
   * @param add whether y is added to
   * @param relu whether ReLU follows
   */
  InferenceConvolution inference(ConvolutionShape shape, boolean add, boolean relu);

  /** A batch normalisation, with ReLU behind it where {@code relu}; the caller closes it. */
  BatchNorm batchNorm(FeatureShape shape, boolean relu);

  /** A max-pooling; the caller closes it. */
  MaxPool maxPool(FeatureShape input, MaxPool.Window window);

  /** ResNet's max-pooling; the caller closes it. */
  default MaxPool maxPool(FeatureShape input) {
    return maxPool(input, MaxPool.Window.STEM);
  }

  /** An upsampling of maps of shape {@code logits} to height × width; the caller closes it. */
  Upsampling upsampling(FeatureShape logits, int height, int width, boolean alignCorners);

  /** An upsampling with aligned corners, as in the paper. */
  default Upsampling upsampling(FeatureShape logits, int height, int width) {
    return upsampling(logits, height, width, true);
  }

  /** Elementwise operations and changes of layout. */
  Elementwise elementwise();

  @Override
  void close();
}
