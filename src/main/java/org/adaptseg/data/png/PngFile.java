package org.adaptseg.data.png;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * The structure of a PNG file (PNG specification, second edition, §5), checked before anything is
 * decoded. Texts and profiles are not read. What stands behind the last chunk is not looked at.
 *
 * @param bytes the file; not copied
 * @param essential the chunks that pixels are made of, in the file's order; all others (texts,
 *     profiles) are left out
 * @param exif tags of a camera, as a TIFF file; null if there are none
 */
public record PngFile(byte[] bytes, List<Chunk> essential, byte[] exif) {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  /** Length and type stand before a chunk's data. */
  private static final int HEAD = 8;

  /** Length, type and checksum stand around it. */
  private static final int FRAME = 12;

  /** What pixels are made of. */
  enum Type {
    IHDR,
    PLTE,
    IDAT,
    IEND
  }

  /**
   * A chunk whose checksum is right.
   *
   * @param at where its data begins
   * @param length of its data
   */
  record Chunk(Type type, int at, int length) {}

  /** Whether a file begins with PNG's signature. */
  public static boolean isPng(byte[] head) {
    return head.length >= SIGNATURE.length
        && Arrays.equals(head, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  /**
   * Finds the chunks.
   *
   * @param file begins with the signature
   * @throws IOException if a chunk is longer than the file, a chunk that counts is damaged, or the
   *     last one is lacking
   */
  public static PngFile of(byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    List<Chunk> essential = new ArrayList<>();
    byte[] exif = null;
    int at = SIGNATURE.length;
    boolean ended = false;
    while (at < file.length && !ended) {
      int left = file.length - at - FRAME;
      int length = left < 0 ? 0 : bytes.getInt(at);
      if (left < 0 || length < 0 || length > left) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "a chunk at byte %d that states %d bytes where %d are left",
                at,
                Integer.toUnsignedLong(length),
                Math.max(left, 0)));
      }
      Type type = type(file, at);
      if (type == Type.IHDR && !essential.isEmpty()) {
        throw new IOException("a PNG with a second header at byte " + at);
      }
      if (type != null) {
        requireChecksum(bytes, at, length, type);
        essential.add(new Chunk(type, at + HEAD, length));
      }
      ended = type == Type.IEND;
      if (is(file, at, "eXIf")) {
        exif = Arrays.copyOfRange(file, at + HEAD, at + HEAD + length);
      }
      at += FRAME + length;
    }
    if (!ended) {
      throw new IOException("a PNG that ends early, at byte " + file.length);
    }
    return new PngFile(file, List.copyOf(essential), exif);
  }

  private static boolean is(byte[] file, int at, String name) {
    return new String(file, at + 4, 4, StandardCharsets.ISO_8859_1).equals(name);
  }

  private static Type type(byte[] file, int at) {
    String name = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
    for (Type type : Type.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }

  private static void requireChecksum(ByteBuffer bytes, int at, int length, Type type)
      throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes.slice(at + 4, length + 4));
    int stated = bytes.getInt(at + HEAD + length);
    if ((int) crc.getValue() != stated) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "a damaged chunk %s at byte %d: its checksum is %08x, not %08x",
              type,
              at,
              crc.getValue(),
              stated));
    }
  }
}
