package org.adaptseg.engine;

import java.util.List;

/**
 * Makes tensors, vectors and operators that work together. Operators are made once per shape and
 * kept. What an engine made is given back with it at the latest.
 *
 * <p>Not thread-safe: one worker, one instance.
 */
public interface Engine extends AutoCloseable {
  /** A vector of zeros. */
  Vector vector(long length);

  /** Memory for tensors of a kind, one at a time. */
  Buffer buffer(Tensor.Kind kind);

  /** A tensor with memory of its own; its values are 0. */
  default Tensor tensor(Tensor.Kind kind, FeatureShape shape) {
    return buffer(kind).as(shape);
  }

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

  /** An upsampling of maps of shape {@code small} to height × width; the caller closes it. */
  Upsampling upsampling(FeatureShape small, int height, int width, boolean alignCorners);

  /**
   * The most likely classes of the pixels of an image; the caller closes it.
   *
   * @param logits shape of the logits; at most 256 channels
   * @param height of the image
   * @param width of the image
   * @param alignCorners how places of the image and of the map correspond, as in training
   */
  ArgMax argMax(FeatureShape logits, int height, int width, boolean alignCorners);

  /** A counting of the pixels of labelled images; the caller closes it. */
  PixelCounting pixelCounting(PixelCounting.Shape shape);

  /**
   * The probabilities of the pixels of an image, averaged over looks at it.
   *
   * @param classes channels of the logits
   * @param height of the image
   * @param width of the image
   * @param alignCorners how places of the image and of the maps correspond, as in training
   * @param views at least one
   */
  SoftmaxAverage softmaxAverage(
      int classes, int height, int width, boolean alignCorners, List<LogitsView> views);

  /** Elementwise operations and changes of layout. */
  Elementwise elementwise();

  /** The losses. */
  Losses losses();

  /** The optimisers. */
  Optimizers optimizers();

  @Override
  void close();
}
