package org.adaptseg.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The structure of a PNG file (PNG specification, second edition, §5), checked before a decoder
 * sees it: Java's allocates whatever length a chunk states, inflates compressed texts and profiles
 * without a bound, and does not look at checksums, so that a damaged image would be trained on.
 */
final class PngFile {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  /** Type, data and checksum stand around every chunk's data. */
  private static final int FRAME = 12;

  /** What pixels are made of. Everything else is left out. */
  private static final Set<String> ESSENTIAL = Set.of("IHDR", "PLTE", "IDAT", "IEND");

  private PngFile() {}

  static boolean isPng(byte[] head) {
    return head.length >= SIGNATURE.length
        && java.util.Arrays.equals(head, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  /**
   * The file without what no pixel needs; the array itself where there is nothing to leave out.
   *
   * @param file begins with the signature
   * @throws IOException if a chunk is longer than the file, or a chunk that counts is damaged
   */
  static byte[] essential(byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    ByteArrayOutputStream kept = null;
    int at = SIGNATURE.length;
    boolean ended = false;
    while (at < file.length && !ended) {
      int left = file.length - at - FRAME;
      int length = left < 0 ? 0 : bytes.getInt(at);
      if (left < 0 || length < 0 || length > left) {
        throw new IOException(
            "a chunk at byte %d that states %d bytes where %d are left"
                .formatted(at, Integer.toUnsignedLong(length), Math.max(left, 0)));
      }
      String type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
      int end = at + FRAME + length;
      if (ESSENTIAL.contains(type)) {
        requireChecksum(bytes, at, length, type);
        if (kept != null) {
          kept.write(file, at, end - at);
        }
      } else if (kept == null) {
        kept = new ByteArrayOutputStream(file.length);
        kept.write(file, 0, at);
      }
      ended = type.equals("IEND");
      at = end;
    }
    return kept == null ? file : kept.toByteArray();
  }

  private static void requireChecksum(ByteBuffer bytes, int at, int length, String type)
      throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes.slice(at + 4, length + 4));
    int stated = bytes.getInt(at + 8 + length);
    if ((int) crc.getValue() != stated) {
      throw new IOException(
          "a damaged chunk %s at byte %d: its checksum is %08x, not %08x"
              .formatted(type, at, crc.getValue(), stated));
    }
  }
}
