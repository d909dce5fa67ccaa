package org.adaptseg.data.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Writes files that are there whole or not at all, also when the process dies. Every file that the
 * program writes is written here.
 *
 * <p>The bytes go to a temporary file, which then takes the name of the file in one step. Stores
 * whose files appear when they are closed, such as s3a, are written directly: a rename would be a
 * copy there. A writer that was killed leaves at most its temporary file. Nobody reads that, and
 * the next writer of the same file replaces it.
 *
 * <p>Below a directory that this process has claimed ({@link DirectoryClaim}), every call first
 * reads whether the claim still holds, and again just before a file takes its name.
 */
public final class WholeFile {
  // The underscore hides a file from Hadoop's and Spark's listings.
  private static final String HIDDEN = "_";
  private static final String UNFINISHED = ".next";
  private static final String FINISHED = ".whole";

  /** Since Hadoop 3.4.2 S3A writes an object only if there is none; others pass over the option. */
  private static final String ONLY_IF_ABSENT = "fs.option.create.conditional.overwrite";

  /** What a file will hold. */
  @FunctionalInterface
  public interface Content {
    /** Writes all of it; called once. */
    void writeTo(OutputStream out) throws IOException;
  }

  private WholeFile() {}

  /** Writes a file, replacing another of its name. Its directory need not exist. */
  public static void write(Path file, byte[] content, Configuration configuration)
      throws IOException {
    write(file, out -> out.write(content), configuration);
  }

  /** Writes a file as {@link #write(Path, byte[], Configuration)} does, from parts. */
  public static void write(Path file, List<byte[]> content, Configuration configuration)
      throws IOException {
    write(file, parts(content), configuration);
  }

  /** Writes a file as {@link #write(Path, byte[], Configuration)} does, as it is computed. */
  public static void write(Path file, Content content, Configuration configuration)
      throws IOException {
    write(file, sibling(file, UNFINISHED), content, configuration);
  }

  /**
   * Writes a file, replacing another of its name.
   *
   * @param file where its reader looks for it
   * @param temporary a name of the same file system that no other writer uses; nothing is left
   *     there
   * @param content its bytes
   */
  public static void write(Path file, Path temporary, Content content, Configuration configuration)
      throws IOException {
    FileSystem files = file.getFileSystem(configuration);
    ClaimCheck claim = ClaimCheck.of(file, configuration);
    claim.require();
    if (files instanceof LocalFileSystem local) {
      // Checksum files would lie beside the files, and refuse them after another program's change.
      if (!FolderListing.hasNoChecksum(file)) {
        files.delete(local.getChecksumFile(file), false);
      }
      requireName(file);
      files = local.getRawFileSystem();
    }
    if (files.hasPathCapability(file, CommonPathCapabilities.ABORTABLE_STREAM)) {
      writeDirectly(files, file, content, claim);
      return;
    }
    try {
      writeAll(files, temporary, content);
      files.mkdirs(files.makeQualified(file).getParent());
      claim.require();
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

  private static void writeAll(FileSystem files, Path file, Content content) throws IOException {
    try (FSDataOutputStream out = files.create(file, true)) {
      content.writeTo(out);
    } catch (FSError e) {
      // Hadoop's local files make an error of what is none of the program: a full disk.
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
    }
  }

  /**
   * Writes a file unless there is one. Its directory need not exist. Local file systems and HDFS
   * decide between two writers at once; other stores may let the second one replace the file of the
   * first, so that a writer reads back whose it is.
   *
   * @return false if there was one, or another writer was at it
   */
  static boolean create(Path file, byte[] content, Configuration configuration) throws IOException {
    FileSystem files = file.getFileSystem(configuration);
    try {
      if (files instanceof LocalFileSystem local) {
        createLocally(local, file, content);
        return true;
      }
      FSDataOutputStreamBuilder<?, ?> builder = files.createFile(file);
      try (FSDataOutputStream out =
          builder.recursive().overwrite(false).opt(ONLY_IF_ABSENT, "true").build()) {
        out.write(content);
      }
      return true;
    } catch (IOException e) {
      // Stores have many words for it: FileAlreadyExists, AlreadyBeingCreated, 412.
      if (files.exists(file)) {
        return false;
      }
      throw e;
    }
  }

  /** Hadoop's own way looks first and writes then. */
  private static void createLocally(LocalFileSystem files, Path file, byte[] content)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      files.mkdirs(files.makeQualified(file).getParent());
      try {
        Files.write(files.pathToFile(file).toPath(), content, StandardOpenOption.CREATE_NEW);
        return;
      } catch (NoSuchFileException e) {
        // A StoreProbe of another process has removed the directory, which it had made as well.
        if (attempt == StoreProbe.ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /**
   * Deletes a file, or a directory with all that is in it.
   *
   * @return false if there was none
   */
  public static boolean delete(Path path, Configuration configuration) throws IOException {
    ClaimCheck.of(path, configuration).require();
    return path.getFileSystem(configuration).delete(path, true);
  }

  /**
   * The content that was written last; none if nothing ever was.
   *
   * @param limit bytes that are read at most
   * @throws IOException also if there are more
   */
  public static Optional<byte[]> read(Path file, int limit, Configuration configuration)
      throws IOException {
    FileSystem files = file.getFileSystem(configuration);
    for (Path path : List.of(file, sibling(file, FINISHED))) {
      try (InputStream in = files.open(path)) {
        return Optional.of(BoundedBytes.read(in, limit, path.toString()));
      } catch (FileNotFoundException e) {
        // Without a rename that replaces, the process may have died before the file had its name.
      }
    }
    return Optional.empty();
  }

  /** Whether a killed writer may have left a file of this name. */
  public static boolean isTemporary(String name) {
    return name.startsWith(HIDDEN) && (name.endsWith(UNFINISHED) || name.endsWith(FINISHED));
  }

  private static Path sibling(Path file, String state) {
    return new Path(file.getParent(), HIDDEN + file.getName() + state);
  }

  /** Content that is in memory, in parts. */
  public static Content parts(List<byte[]> content) {
    return out -> {
      for (byte[] part : content) {
        out.write(part);
      }
    };
  }

  private static void writeDirectly(FileSystem files, Path file, Content content, ClaimCheck claim)
      throws IOException {
    FSDataOutputStream out = files.create(file, true);
    try {
      content.writeTo(out);
      claim.require();
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
      rename(files, source, target); // replaces
      return;
    }
    try {
      FileContext.getFileContext(files.getUri(), configuration)
          .rename(source, target, Options.Rename.OVERWRITE);
    } catch (UnsupportedFileSystemException e) {
      // A file system without the newer interface cannot replace a file in one step. In between
      // the content has a name that only a finished file has, so that a reader may trust it.
      Path finished = sibling(target, FINISHED);
      files.delete(finished, false);
      rename(files, source, finished);
      files.delete(target, false);
      rename(files, finished, target);
    }
  }

  private static void rename(FileSystem files, Path source, Path target) throws IOException {
    // Some file systems would move the file into a directory.
    if (isDirectory(files, target)) {
      throw new IOException(
          "Cannot finish a file: expected a file or nothing, found a directory (%s)"
              .formatted(target));
    }
    if (!files.rename(source, target)) {
      throw new IOException(
          "Cannot finish a file: expected to rename %s to %s, found that the store refuses"
              .formatted(source, target));
    }
  }

  /** Java would write ? for what its encoding lacks, and two files would become one. */
  private static void requireName(Path file) throws IOException {
    try {
      java.nio.file.Path unused = java.nio.file.Path.of(file.toUri().getPath());
    } catch (InvalidPathException e) {
      throw new IOException(
          "Cannot write a file: expected a name that the encoding of this process, %s, has; found %s (set LC_ALL=C.UTF-8 before the program starts)"
              .formatted(System.getProperty("sun.jnu.encoding"), file),
          e);
    }
  }

  private static boolean isDirectory(FileSystem files, Path path) throws IOException {
    try {
      return files.getFileStatus(path).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }
}
