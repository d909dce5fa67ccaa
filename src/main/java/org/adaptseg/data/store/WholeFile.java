package org.adaptseg.data.store;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Writes files that are there whole or not at all, also when the process dies. Stores whose files
 * appear when they are closed, such as s3a, are written directly: a rename would be a copy there.
 * Elsewhere a file gets its name when its bytes are written.
 */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Writes a file, replacing another of its name.
   *
   * @param file where its reader looks for it
   * @param temporary a name of the same file system that no other writer uses; nothing is left
   *     there
   * @param content its bytes, in parts
   */
  public static void write(
      Path file, Path temporary, List<byte[]> content, Configuration configuration)
      throws IOException {
    FileSystem files = file.getFileSystem(configuration);
    if (files instanceof LocalFileSystem local) {
      // Checksum files would lie beside the images, and refuse them after another program's change.
      files.delete(local.getChecksumFile(file), false);
      files = local.getRawFileSystem();
    }
    if (files.hasPathCapability(file, CommonPathCapabilities.ABORTABLE_STREAM)) {
      writeDirectly(files, file, content);
      return;
    }
    try {
      try (FSDataOutputStream out = files.create(temporary, true)) {
        write(out, content);
      }
      files.mkdirs(file.getParent());
      rename(files, temporary, file, configuration);
    } catch (IOException | RuntimeException e) {
      try {
        files.delete(temporary, false);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private static void write(FSDataOutputStream out, List<byte[]> content) throws IOException {
    for (byte[] part : content) {
      out.write(part);
    }
  }

  private static void writeDirectly(FileSystem files, Path file, List<byte[]> content)
      throws IOException {
    FSDataOutputStream out = files.create(file, true);
    try {
      write(out, content);
    } catch (IOException | RuntimeException e) {
      out.abort(); // closing would make what was written so far visible
      throw e;
    }
    out.close();
  }

  private static void rename(FileSystem files, Path from, Path to, Configuration configuration)
      throws IOException {
    Path source = files.makeQualified(from);
    Path target = files.makeQualified(to);
    if (files instanceof RawLocalFileSystem) {
      if (!files.rename(source, target)) { // replaces
        throw new IOException("Cannot finish a file: " + source + " is not to be renamed to " + to);
      }
      return;
    }
    try {
      FileContext.getFileContext(files.getUri(), configuration)
          .rename(source, target, Options.Rename.OVERWRITE);
    } catch (UnsupportedFileSystemException e) {
      // A file system without the newer interface cannot replace a file in one step.
      files.delete(target, false);
      if (!files.rename(source, target)) {
        throw new IOException(
            "Cannot finish a file: expected to rename " + source + " to " + target, e);
      }
    }
  }
}
