package org.adaptseg.data.image;

/** Checks that an array has as many values as its stated shape. */
final class Shapes {
  private Shapes() {}

  static void check(String what, int height, int width, int channels, int length) {
    if (height < 1 || width < 1 || (long) height * width * channels != length) {
      throw new IllegalArgumentException(
          "Cannot form a "
              + what
              + ": expected "
              + width
              + "x"
              + height
              + "x"
              + channels
              + " values with sides of at least 1, found "
              + length
              + " values");
    }
  }
}
