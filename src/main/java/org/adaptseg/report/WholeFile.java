package org.adaptseg.report;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file of the run directory that is always replaced as a whole, because object stores cannot
 * append. What is new is written beside it and then takes its name, so no reader sees a part, and
 * whenever the process dies one of the two is complete. In an object store the object itself is
 * written: it is replaced at once when its stream is closed, while a rename there is a copy.
 */
public final class WholeFile {
  private static final Set<String> OBJECT_STORES = Set.of("s3a", "s3", "s3n", "gs");

  private final FileSystem fileSystem;
  private final Path file;
  private final Path next;

  /**
   * @throws IOException if the file system cannot be reached
   */
  public WholeFile(Path file, Configuration hadoop) throws IOException {
    this.fileSystem = file.getFileSystem(hadoop);
    this.file = fileSystem.makeQualified(file);
    // The underscore hides it from Hadoop's and Spark's listings.
    this.next = new Path(this.file.getParent(), "_" + file.getName() + ".next");
  }

  /** Replaces the contents. */
  public void write(List<byte[]> parts) throws IOException {
    if (OBJECT_STORES.contains(file.toUri().getScheme())) {
      write(file, parts);
      return;
    }
    write(next, parts);
    // Some file systems replace, others refuse.
    if (!fileSystem.rename(next, file)) {
      fileSystem.delete(file, false);
      if (!fileSystem.rename(next, file)) {
        throw new IOException("Cannot rename %s to %s".formatted(next, file));
      }
    }
  }

  private void write(Path path, List<byte[]> parts) throws IOException {
    try (OutputStream out = fileSystem.create(path, true)) {
      for (byte[] part : parts) {
        out.write(part);
      }
    }
  }

  /**
   * The contents that were written last; none if nothing ever was.
   *
   * @param limit bytes that are read at most
   * @throws IOException also if there are more
   */
  public Optional<byte[]> read(int limit) throws IOException {
    // Where the file is missing, the process died between taking it away and renaming.
    for (Path path : List.of(file, next)) {
      try (InputStream in = fileSystem.open(path)) {
        byte[] bytes = in.readNBytes(limit);
        if (in.read() >= 0) {
          throw new IOException(
              "Cannot read %s: expected at most %d bytes, found more".formatted(path, limit));
        }
        return Optional.of(bytes);
      } catch (FileNotFoundException e) {
        // the other one
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
