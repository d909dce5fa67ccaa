package org.adaptseg.data.png;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The structure of a PNG file (PNG specification, second edition, §5), checked before a decoder
 * sees it: Java's allocates whatever length a chunk states, inflates compressed texts and profiles
 * without a bound, and does not look at checksums, so that a damaged image would be trained on.
 *
 * @param bytes the file; not copied
 * @param essential the chunks that pixels are made of, in the file's order; all others (texts,
 *     profiles) are left out
 * @param bare whether there are no others
 */
public record PngFile(byte[] bytes, List<Chunk> essential, boolean bare) {
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
        && java.util.Arrays.equals(head, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  /**
   * Finds the chunks.
   *
   * @param file begins with the signature
   * @throws IOException if a chunk is longer than the file, or a chunk that counts is damaged
   */
  public static PngFile of(byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    List<Chunk> essential = new ArrayList<>();
    boolean bare = true;
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
      Type type = type(file, at);
      if (type == null) {
        bare = false;
      } else {
        requireChecksum(bytes, at, length, type);
        essential.add(new Chunk(type, at + HEAD, length));
      }
      ended = type == Type.IEND;
      at += FRAME + length;
    }
    return new PngFile(file, List.copyOf(essential), bare);
  }

  /** The file without what no pixel needs; the array itself where there is nothing to leave out. */
  public byte[] withoutTheRest() {
    if (bare) {
      return bytes;
    }
    ByteArrayOutputStream kept = new ByteArrayOutputStream(bytes.length);
    kept.write(SIGNATURE, 0, SIGNATURE.length);
    for (Chunk chunk : essential) {
      kept.write(bytes, chunk.at() - HEAD, chunk.length() + FRAME);
    }
    return kept.toByteArray();
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
          "a damaged chunk %s at byte %d: its checksum is %08x, not %08x"
              .formatted(type, at, crc.getValue(), stated));
    }
  }
}
