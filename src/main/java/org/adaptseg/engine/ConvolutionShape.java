package org.adaptseg.engine;

import java.util.Locale;

/**
 * Geometry of a square convolution, symmetric zero padding, as in PyTorch's {@code Conv2d}.
 *
 * @param input shape of x
 * @param outChannels O
 * @param kernel side of the kernel
 * @param stride step of the kernel
 * @param padding zeros on each side
 * @param dilation distance of kernel taps, 1 = dense
 * @param bias whether a bias of O values is added
 * @param image whether x is an image in NCHW rather than an activation; its gradient is never
 *     computed
 * @param logits whether y is logits, which are kept in the type of the parameters whatever the type
 *     of feature maps
 */
public record ConvolutionShape(
    FeatureShape input,
    int outChannels,
    int kernel,
    int stride,
    int padding,
    int dilation,
    boolean bias,
    boolean image,
    boolean logits) {
  public ConvolutionShape {
    if (outChannels < 1 || kernel < 1 || stride < 1 || padding < 0 || dilation < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot form a convolution: expected positive sizes, found %d channels, kernel %d, stride %d, padding %d, dilation %d",
              outChannels,
              kernel,
              stride,
              padding,
              dilation));
    }
    if (out(input.height(), kernel, stride, padding, dilation) < 1
        || out(input.width(), kernel, stride, padding, dilation) < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot convolve a map of %dx%d (HxW): expected at least %d on each side for kernel %d, padding %d, dilation %d",
              input.height(),
              input.width(),
              dilation * (kernel - 1) + 1 - 2 * padding,
              kernel,
              padding,
              dilation));
    }
  }

  /** A convolution whose y is a feature map. */
  public ConvolutionShape(
      FeatureShape input,
      int outChannels,
      int kernel,
      int stride,
      int padding,
      int dilation,
      boolean bias,
      boolean image) {
    this(input, outChannels, kernel, stride, padding, dilation, bias, image, false);
  }

  /** Shape of y. */
  public FeatureShape output() {
    return new FeatureShape(
        input.images(),
        outChannels,
        out(input.height(), kernel, stride, padding, dilation),
        out(input.width(), kernel, stride, padding, dilation));
  }

  private static int out(int size, int kernel, int stride, int padding, int dilation) {
    return Math.floorDiv(size + 2 * padding - dilation * (kernel - 1) - 1, stride) + 1;
  }
}
