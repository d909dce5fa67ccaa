package org.adaptseg.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Chunks of PNG files (PNG specification, second edition, §5.3), well formed whatever they hold.
 */
public final class PngChunk {
  private PngChunk() {}

  /** Length, type, data and checksum. */
  public static byte[] of(String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    return ByteBuffer.allocate(12 + data.length)
        .putInt(data.length)
        .put(name)
        .put(data)
        .putInt((int) crc.getValue())
        .array();
  }
}
