package org.adaptseg.data.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Reads small files whole, and refuses those that are larger than they can rightly be. */
public final class BoundedBytes {
  /** Says that there is more to read than is allowed. */
  public static final class ExceededException extends IOException {
    private static final long serialVersionUID = 1L;

    ExceededException(int limit, String where) {
      super(
          String.format(
              Locale.ROOT,
              "Cannot read a file: expected at most %d bytes, found more (%s)",
              limit,
              where));
    }
  }

  private BoundedBytes() {}

  /**
   * Reads to the end of a stream.
   *
   * @param limit the most bytes that are accepted; no more are kept in memory
   * @param where the file, for the message
   * @throws ExceededException if there are more
   */
  public static byte[] read(InputStream in, int limit, String where) throws IOException {
    byte[] bytes = in.readNBytes(limit);
    if (bytes.length == limit && in.read() >= 0) {
      throw new ExceededException(limit, where);
    }
    return bytes;
  }
}
