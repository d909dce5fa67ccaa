package org.adaptseg.report;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file of the run directory that is always replaced as a whole, because object stores cannot
 * append. What is new is written beside it and then takes its name, so no reader sees a part, and
 * whenever the process dies one of the two is complete. In an object store the object itself is
 * written: it is replaced at once when its stream is closed, while a rename there is a copy, and a
 * write that fails is given up.
 */
public final class WholeFile {
  private final Configuration hadoop;
  private final FileSystem fileSystem;
  private final Path file;
  private final Path next;

  /**
   * @throws IOException if the file system cannot be reached
   */
  public WholeFile(Path file, Configuration hadoop) throws IOException {
    this.hadoop = hadoop;
    this.fileSystem = file.getFileSystem(hadoop);
    this.file = fileSystem.makeQualified(file);
    // The underscore hides it from Hadoop's and Spark's listings.
    this.next = new Path(this.file.getParent(), "_" + file.getName() + ".next");
  }

  /** Replaces the contents. */
  public void write(List<byte[]> parts) throws IOException {
    org.adaptseg.data.store.WholeFile.write(file, next, parts, hadoop);
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
