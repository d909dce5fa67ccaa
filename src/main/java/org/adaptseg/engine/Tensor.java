package org.adaptseg.engine;

import org.adaptseg.data.image.Image;

/**
 * The values of N ≥ 1 images, or of maps of them, in an engine's memory. Layout, type and place are
 * the engine's.
 *
 * <p>Where values come in or go out they are in rows of pixels, NHWC: image by image, row by row,
 * the channels of a pixel side by side. Images alone are in planes, NCHW.
 */
public interface Tensor extends AutoCloseable {
  /** What a tensor holds, which decides its type and layout. */
  enum Kind {
    /** A feature map or its gradient, in the engine's precision. */
    MAP,
    /** Logits or their gradient: a map in the type of the parameters. */
    LOGITS,
    /** Input images, of which no gradient is taken, in the type of the parameters. */
    IMAGE,
    /** What a map is upsampled to, such as a label map, in the type of the parameters. */
    PIXELS
  }

  /** What it holds. */
  Kind kind();

  /** Sizes. */
  FeatureShape shape();

  /**
   * Replaces all values.
   *
   * @throws IllegalArgumentException for another number of values
   */
  void write(float[] values);

  /**
   * Replaces one of the images.
   *
   * @param image from 0
   * @param chw its values [C, H, W]
   * @throws IllegalArgumentException for another number of values
   * @throws IllegalStateException for a tensor that is not of images
   */
  void writeImage(int image, float[] chw);

  /**
   * Replaces one of the images. An image of pixels may become values in the engine's memory; they
   * have the bits of {@link Image#chw}.
   *
   * @param image from 0
   * @param values of the images' size
   * @throws IllegalArgumentException for another number of values
   * @throws IllegalStateException for a tensor that is not of images
   */
  default void writeImage(int image, Image values) {
    writeImage(image, values.chw());
  }

  /** A copy of all values. */
  float[] read();

  /**
   * Copies the values of a few pixels of a {@link Kind#PIXELS} tensor.
   *
   * @param first pixel, from 0
   * @param pixels how many
   * @param into receives pixels · C values
   * @throws IllegalStateException for a tensor of another kind
   */
  void readPixels(long first, int pixels, float[] into);

  /** As {@link #write(float[])}, rounded to the engine's type. */
  default void write(double[] values) {
    write(Widths.rounded(values));
  }

  /** As {@link #read()}, in double precision where the engine computes in it. */
  default double[] readDoubles() {
    return Widths.widened(read());
  }

  /** Gives back the memory, that of the {@link Buffer} that the tensor is of. */
  @Override
  void close();
}
