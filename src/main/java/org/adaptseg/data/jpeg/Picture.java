package org.adaptseg.data.jpeg;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** From components to pixels. */
final class Picture {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /**
   * Coefficients by which programs guess what a progressive file has not given, and smooth blocks
   * (T.81, K.8).
   */
  private static final int GUESSED = 10;

  private Picture() {}

  static JpegImage of(Frame frame, Colours colours) throws IOException {
    for (Component component : frame.components()) {
      if (frame.progressive()) {
        requireWhole(component);
        transform(component);
      } else if (component.samples == null) {
        throw new IOException("a JPEG whose scans leave a component out");
      }
    }
    int width = frame.width();
    int count = frame.components().size();
    ChromaUpsampling[] full = new ChromaUpsampling[count];
    for (int i = 0; i < count; i++) {
      Component c = frame.components().get(i);
      full[i] =
          new ChromaUpsampling(
              c, frame.mostHorizontal() / c.horizontal, frame.mostVertical() / c.vertical);
    }
    byte[] rgb = new byte[Math.multiplyExact(3 * width, frame.height())];
    int[][] rows = new int[count][];
    int[] pixels = new int[width];
    for (int y = 0; y < frame.height(); y++) {
      for (int i = 0; i < count; i++) {
        rows[i] = full[i].row(y);
      }
      colours.row(rows, pixels, width);
      store(pixels, rgb, 3 * width * y);
    }
    return new JpegImage(frame.height(), width, rgb);
  }

  /** Pixels to three bytes each; four of them are three integers. */
  private static void store(int[] pixels, byte[] rgb, int from) {
    int to = from;
    int x = 0;
    for (; x + 4 <= pixels.length; x += 4) {
      int second = pixels[x + 1];
      int third = pixels[x + 2];
      INTS.set(rgb, to, pixels[x] | second << 24);
      INTS.set(rgb, to + 4, second >>> 8 | third << 16);
      INTS.set(rgb, to + 8, third >>> 16 | pixels[x + 3] << 8);
      to += 12;
    }
    for (; x < pixels.length; x++) {
      int pixel = pixels[x];
      rgb[to++] = (byte) pixel;
      rgb[to++] = (byte) (pixel >> 8);
      rgb[to++] = (byte) (pixel >> 16);
    }
  }

  private static void requireWhole(Component component) throws IOException {
    for (int k = 0; k < GUESSED; k++) {
      if (component.lowestBit[k] != 0) {
        throw new IOException("a progressive JPEG whose scans leave coefficients out");
      }
    }
  }

  /** Coefficients to samples; the coefficients are let go. */
  private static void transform(Component component) throws IOException {
    component.allocateSamples();
    InverseTransform transform = new InverseTransform();
    int[] block = transform.block;
    short[] values = component.coefficients;
    int[] steps = component.steps;
    for (int row = 0; row < component.blocksDown; row++) {
      for (int column = 0; column < component.blocksAcross; column++) {
        int at = component.coefficientAt(row, column);
        long sum = 0;
        int last = 0;
        for (int k = 0; k < Component.BLOCK; k++) {
          int value = values[at + k];
          if (value != 0) {
            value *= steps[k];
            block[InverseTransform.ZIGZAG[k]] = value;
            sum += Math.abs(value);
            last = k;
          }
        }
        transform.run(
            last, sum, component.samples, component.sampleAt(row, column), component.stride());
      }
    }
    component.coefficients = null;
  }
}
