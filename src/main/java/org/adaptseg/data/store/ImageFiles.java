package org.adaptseg.data.store;

import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FutureDataInputStreamBuilder;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.functional.FutureIO;

/** Reads image files whole, within a bound that follows from the pixels they may have. */
public final class ImageFiles {
  /** The length of a file that was not listed. */
  public static final long UNKNOWN_LENGTH = -1;

  /** Beyond what any encoding of that many pixels needs, a file is not read into memory. */
  private static final int MAX_BYTES_PER_PIXEL = 9;

  private static final long HEADER_BYTES = 1 << 20;
  private static final long MOST_BYTES = Integer.MAX_VALUE - 16L;
  private static final byte[] NOTHING = {};

  private ImageFiles() {}

  /** A file with more bytes than an image within the bound can need. */
  public static final class TooLongException extends IOException {
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
  public static byte[] read(StoreRetries retries, FileSystem files, Path path, long maxPixels)
      throws IOException {
    return read(retries, files, path, UNKNOWN_LENGTH, maxPixels);
  }

  /**
   * The same for a file that was listed: an object store need not be asked for its length again.
   *
   * @param length the file's length as it was listed; {@link #UNKNOWN_LENGTH} if it is unknown
   */
  public static byte[] read(
      StoreRetries retries, FileSystem files, Path path, long length, long maxPixels)
      throws IOException {
    return retries.call(
        "read " + path,
        () -> readOnce(files, path, length, maxPixels),
        e -> e instanceof TooLongException);
  }

  private static byte[] readOnce(FileSystem files, Path path, long length, long maxPixels)
      throws IOException {
    int bound = (int) Math.min(MOST_BYTES, MAX_BYTES_PER_PIXEL * maxPixels + HEADER_BYTES);
    int expected = (int) Math.min(Math.max(0, length), bound);
    byte[] bytes;
    try (FSDataInputStream in = open(files, path, length)) {
      bytes = new byte[expected];
      // One read of all: a client of a store hands many small ones to the network one by one.
      int count = in.readNBytes(bytes, 0, expected);
      byte[] more = count < expected ? NOTHING : in.readNBytes(bound + 1 - expected);
      if (count + more.length != expected) {
        bytes = Arrays.copyOf(bytes, count + more.length);
        System.arraycopy(more, 0, bytes, count, more.length);
      }
    }
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

  /**
   * Says that all of the file will be read, from its begin on: a cluster may have set its stores up
   * for reading tables, piece by piece.
   */
  private static FSDataInputStream open(FileSystem files, Path path, long length)
      throws IOException {
    FutureDataInputStreamBuilder builder =
        FolderListing.reader(files, path)
            .openFile(path)
            .opt("fs.option.openfile.read.policy", "whole-file, sequential")
            .opt("fs.s3a.experimental.input.fadvise", "sequential"); // before Hadoop 3.3.5
    if (length > 0) {
      builder = builder.opt("fs.option.openfile.length", Long.toString(length));
    }
    return FutureIO.awaitFuture(builder.build());
  }
}
