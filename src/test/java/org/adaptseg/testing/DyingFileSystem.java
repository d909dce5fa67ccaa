package org.adaptseg.testing;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local file system as a process that is killed leaves it: from a chosen moment of a chosen
 * write on, every call that concerns the run fails with an {@link Error}, and none of them changes
 * anything any more, as if there was no process left to make it. For {@code fs.file.impl}, with
 * {@code fs.file.impl.disable.cache}.
 */
public final class DyingFileSystem extends LocalFileSystem {
  /** Moments of the writing of one file. */
  public enum Moment {
    /** It is there and empty. */
    BEGUN,
    /** Half of the first piece is written. */
    HALF,
    /** All is written and closed, and nothing is renamed. */
    CLOSED
  }

  /** What the caller of a call that fails gets. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Where to die: {@code file} is found in the path as its reader knows it. */
  private record Plan(Pattern run, Pattern file, Moment moment, AtomicInteger left) {}

  private static final Pattern TEMPORARY = Pattern.compile("_([^/]+)\\.next$");
  private static volatile Plan plan;
  private static volatile boolean dead;

  /** Required by Hadoop. */
  public DyingFileSystem() {
    super(new Raw());
  }

  /**
   * Lives again, and dies in time.
   *
   * @param run directory of the run
   * @param file regular expression found in the paths of files that count
   * @param moment of the writing of the file
   * @param occurrence which of the writes, from 1
   */
  public static void dieAt(java.nio.file.Path run, String file, Moment moment, int occurrence) {
    plan =
        new Plan(
            Pattern.compile(Pattern.quote(run.toString())),
            Pattern.compile(file),
            moment,
            new AtomicInteger(occurrence));
    dead = false;
  }

  /** Lives again, for good. */
  public static void live() {
    plan = null;
    dead = false;
  }

  /** Whether the chosen moment came. */
  public static boolean isDead() {
    return dead;
  }

  private static void require(Path path) {
    Plan now = plan;
    if (dead && now != null && now.run.matcher(path.toUri().getPath()).find()) {
      throw new Killed();
    }
  }

  private static void pass(Path path, Moment moment) {
    Plan now = plan;
    if (now == null || now.moment != moment) {
      return;
    }
    String text = path.toUri().getPath();
    Matcher temporary = TEMPORARY.matcher(text);
    String named = temporary.find() ? temporary.replaceFirst("$1") : text;
    if (now.run.matcher(named).find()
        && now.file.matcher(named).find()
        && now.left.decrementAndGet() == 0) {
      dead = true;
      throw new Killed();
    }
  }

  private static final class Raw extends RawLocalFileSystem {
    @Override
    public FSDataOutputStream create(
        Path path,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      require(path);
      return dying(
          path, super.create(path, overwrite, bufferSize, replication, blockSize, progress));
    }

    @Override
    public FSDataOutputStream create(
        Path path,
        FsPermission permission,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      require(path);
      return dying(
          path,
          super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress));
    }

    private static FSDataOutputStream dying(Path path, FSDataOutputStream file) throws IOException {
      if (file.getWrappedStream() instanceof Dying) {
        return file; // one of the two methods called the other
      }
      pass(path, Moment.BEGUN);
      return new FSDataOutputStream(new Dying(path, file), null);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
      require(from);
      return super.rename(from, to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
      require(path);
      return super.delete(path, recursive);
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
      require(path);
      return super.mkdirs(path);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
      require(path);
      return super.open(path, bufferSize);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
      require(path);
      return super.getFileStatus(path);
    }
  }

  private static final class Dying extends FilterOutputStream {
    private final Path path;
    private boolean closed;

    Dying(Path path, OutputStream out) {
      super(out);
      this.path = path;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      require(path);
      out.write(bytes, from, length / 2);
      out.flush();
      pass(path, Moment.HALF);
      out.write(bytes, from + length / 2, length - length / 2);
    }

    @Override
    public void close() throws IOException {
      require(path);
      if (!closed) {
        closed = true;
        out.close();
        pass(path, Moment.CLOSED);
      }
    }
  }
}
