package org.adaptseg.data.prediction;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The beginning of a file that {@code numpy.load} reads, version 1.0 of the format. */
final class NpyHeader {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;

  private NpyHeader() {}

  /** Of an array [planes, height, width] of float16, lower byte first, in C's order. */
  static byte[] halves(int planes, int height, int width) {
    String shape =
        String.format(
            Locale.ROOT,
            "{'descr': '<f2', 'fortran_order': False, 'shape': (%d, %d, %d), }",
            planes,
            height,
            width);
    int before = MAGIC.length + Short.BYTES;
    int all = (before + shape.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] header = new byte[all];
    System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
    int length = all - before;
    header[MAGIC.length] = (byte) length;
    header[MAGIC.length + 1] = (byte) (length >> Byte.SIZE);
    byte[] text =
        (shape + " ".repeat(length - shape.length() - 1) + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, header, before, length);
    return header;
  }
}
