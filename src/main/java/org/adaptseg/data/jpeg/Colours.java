package org.adaptseg.data.jpeg;

/** What a file's components mean, and the way from there to R, G and B. */
enum Colours {
  GREY {
    @Override
    void row(int[][] in, int[] pixels, int width) {
      int[] grey = in[0];
      for (int x = 0; x < width; x++) {
        pixels[x] = grey[x] * 0x010101;
      }
    }
  },
  RGB {
    @Override
    void row(int[][] in, int[] pixels, int width) {
      join(in[0], in[1], in[2], pixels, width);
    }
  },
  YCBCR {
    @Override
    void row(int[][] in, int[] pixels, int width) {
      luminance(in[0], in[1], in[2], pixels, width);
    }
  },
  CMYK {
    @Override
    void row(int[][] in, int[] pixels, int width) {
      join(in[0], in[1], in[2], pixels, width);
      ink(in[3], 0, pixels, width);
    }
  },
  YCCK {
    @Override
    void row(int[][] in, int[] pixels, int width) {
      luminance(in[0], in[1], in[2], pixels, width);
      // The three are R, G and B; inks are what these lack.
      ink(in[3], 0xFFFFFF, pixels, width);
    }
  };

  /** Bits of the fractions of the conversion's weights. */
  private static final int FRACTION = 16;

  private static final int HALF = 1 << FRACTION - 1;

  // 1.402, 1.772, 0.71414 and 0.34414 (JFIF 1.02, page 3) in units of 2^-16.
  private static final int RED_OF_CR = 91881;
  private static final int BLUE_OF_CB = 116130;
  private static final int GREEN_OF_CR = 46802;
  private static final int GREEN_OF_CB = 22554;

  /** What the weights make of 128, the middle of Cb and Cr. */
  private static final int MIDDLE = 128;

  /**
   * Converts a row.
   *
   * @param in of every component, its samples
   * @param pixels gets R + 256·G + 65536·B
   */
  abstract void row(int[][] in, int[] pixels, int width);

  private static void join(int[] red, int[] green, int[] blue, int[] pixels, int width) {
    for (int x = 0; x < width; x++) {
      pixels[x] = red[x] | green[x] << 8 | blue[x] << 16;
    }
  }

  private static void luminance(int[] ys, int[] cbs, int[] crs, int[] pixels, int width) {
    // One colour after another: loops of this size are compiled for vector units, longer ones not.
    red(ys, crs, pixels, width);
    green(ys, cbs, crs, pixels, width);
    blue(ys, cbs, pixels, width);
  }

  // Bounds are written with shifts, since Math.min and max are not compiled for vector units.
  private static void red(int[] ys, int[] crs, int[] pixels, int width) {
    for (int x = 0; x < width; x++) {
      int red = ys[x] + (RED_OF_CR * crs[x] + (HALF - MIDDLE * RED_OF_CR) >> FRACTION);
      red = 255 - (red & ~(red >> 31));
      pixels[x] = 255 - (red & ~(red >> 31));
    }
  }

  private static void green(int[] ys, int[] cbs, int[] crs, int[] pixels, int width) {
    int middle = HALF + MIDDLE * (GREEN_OF_CB + GREEN_OF_CR);
    for (int x = 0; x < width; x++) {
      int green = ys[x] + (middle - GREEN_OF_CB * cbs[x] - GREEN_OF_CR * crs[x] >> FRACTION);
      green = 255 - (green & ~(green >> 31));
      pixels[x] |= 255 - (green & ~(green >> 31)) << 8;
    }
  }

  private static void blue(int[] ys, int[] cbs, int[] pixels, int width) {
    for (int x = 0; x < width; x++) {
      int blue = ys[x] + (BLUE_OF_CB * cbs[x] + (HALF - MIDDLE * BLUE_OF_CB) >> FRACTION);
      blue = 255 - (blue & ~(blue >> 31));
      pixels[x] |= 255 - (blue & ~(blue >> 31)) << 16;
    }
  }

  /**
   * Colours under ink and black. Files hold both inverted, 255 for none, as all do that come from
   * Adobe's programs; Pillow takes all for such.
   */
  private static void ink(int[] blacks, int inverted, int[] pixels, int width) {
    for (int x = 0; x < width; x++) {
      int inks = pixels[x] ^ inverted;
      int light = blacks[x];
      pixels[x] =
          inked(inks & 0xFF, light)
              | inked(inks >> 8 & 0xFF, light) << 8
              | inked(inks >> 16, light) << 16;
    }
  }

  private static int inked(int withoutInk, int light) {
    int product = (255 - withoutInk) * light + 128;
    return Math.max(0, light - ((product >> 8) + product >> 8));
  }
}
