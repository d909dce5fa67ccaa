package org.adaptseg.weights;

import java.io.FilterInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * An entry of an archive whose bytes are compared with its checksum where it ends, which Java's
 * {@link ZipFile} does not do: a value that a disk or a copy has changed would become a weight.
 */
final class CheckedEntry extends FilterInputStream {
  private final ZipEntry entry;
  private final CRC32 found = new CRC32();

  /** Opens an entry; nothing of it is read yet. */
  CheckedEntry(ZipFile zip, ZipEntry entry) throws IOException {
    super(zip.getInputStream(entry));
    this.entry = entry;
  }

  /**
   * @throws WeightsException at the end, if the bytes were not those of the checksum
   */
  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int count = super.read(bytes, from, length);
    if (count > 0) {
      found.update(bytes, from, count);
    } else if (count < 0) {
      check();
    }
    return count;
  }

  /** Reads what it passes. */
  @Override
  public long skip(long bytes) throws IOException {
    return readNBytes(Math.toIntExact(Math.min(bytes, 1 << 16))).length;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void check() {
    // A writer that computes none leaves it at 0.
    if (entry.getCrc() > 0 && entry.getCrc() != found.getValue()) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "Cannot read an archive: expected bytes with the checksum %08x in %s, found %08x;"
                  + " the file is damaged, or was saved with torch.serialization.set_crc32_options"
                  + "(False)",
              entry.getCrc(),
              entry.getName(),
              found.getValue()));
    }
  }
}
