package org.adaptseg.data;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads image files whole, within a bound that follows from the pixels they may have. */
final class ImageFiles {
  /** Beyond what any encoding of that many pixels needs, a file is not read into memory. */
  private static final int MAX_BYTES_PER_PIXEL = 9;

  private static final long HEADER_BYTES = 1 << 20;

  private ImageFiles() {}

  /** A file with more bytes than an image within the bound can need. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(String message) {
      super(message);
    }
  }

  /**
   * The bytes of a file; a store that fails is asked again.
   *
   * @throws TooLongException if the file is longer than an image of that many pixels can be
   * @throws IOException if the file cannot be read, with a message that names it
   */
  static byte[] read(StoreRetries retries, FileSystem files, Path path, long maxPixels)
      throws IOException {
    return retries.call(
        "read " + path, () -> readOnce(files, path, maxPixels), e -> e instanceof TooLongException);
  }

  private static byte[] readOnce(FileSystem files, Path path, long maxPixels) throws IOException {
    long bound = Math.min(Integer.MAX_VALUE - 16L, MAX_BYTES_PER_PIXEL * maxPixels + HEADER_BYTES);
    try (InputStream in = files.open(path)) {
      byte[] bytes = in.readNBytes((int) bound + 1);
      if (bytes.length > bound) {
        throw new TooLongException(
            "Cannot read a file: expected at most "
                + bound
                + " bytes for an image of at most "
                + maxPixels
                + " pixels, found more ("
                + path
                + ")");
      }
      return bytes;
    }
  }
}
