package org.adaptseg.testing;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local file system, which asks a {@link Watch} at every step and can be stopped there. */
abstract class WatchedFileSystem extends LocalFileSystem {
  /** What comes next, or has just happened. */
  enum Step {
    BEFORE_CREATE,
    CREATED,
    BEFORE_WRITE,
    HALF_WRITTEN,
    BEFORE_CLOSE,
    CLOSED,
    BEFORE_RENAME,
    RENAMED,
    BEFORE_MAKING_DIRECTORIES,
    BEFORE_DELETE,
    BEFORE_READ
  }

  /** Called at every step, with the path that it concerns. */
  interface Watch {
    void at(Step step, Path path, Configuration settings) throws IOException;
  }

  WatchedFileSystem(Watch watch) {
    super(new Raw(watch));
  }

  /** Below the checksums, where files are written that are to have none. */
  private static final class Raw extends RawLocalFileSystem {
    private final Watch watch;

    Raw(Watch watch) {
      this.watch = watch;
    }

    private void at(Step step, Path path) throws IOException {
      watch.at(step, path, getConf());
    }

    @Override
    public FSDataOutputStream create(
        Path path,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      at(Step.BEFORE_CREATE, path);
      return watched(
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
      at(Step.BEFORE_CREATE, path);
      return watched(
          path,
          super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress));
    }

    private FSDataOutputStream watched(Path path, FSDataOutputStream file) throws IOException {
      if (file.getWrappedStream() instanceof Watched) {
        return file; // one of the two methods called the other
      }
      at(Step.CREATED, path);
      return new FSDataOutputStream(new Watched(this, path, file), null);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
      at(Step.BEFORE_RENAME, from);
      boolean renamed = super.rename(from, to);
      at(Step.RENAMED, to);
      return renamed;
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
      at(Step.BEFORE_MAKING_DIRECTORIES, path);
      return super.mkdirs(path);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
      at(Step.BEFORE_DELETE, path);
      return super.delete(path, recursive);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
      at(Step.BEFORE_READ, path);
      return super.open(path, bufferSize);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
      at(Step.BEFORE_READ, path);
      return super.getFileStatus(path);
    }
  }

  private static final class Watched extends FilterOutputStream {
    private final Raw files;
    private final Path path;
    private boolean closed;

    Watched(Raw files, Path path, OutputStream out) {
      super(out);
      this.files = files;
      this.path = path;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      files.at(Step.BEFORE_WRITE, path);
      out.write(bytes, from, length / 2);
      out.flush();
      files.at(Step.HALF_WRITTEN, path);
      out.write(bytes, from + length / 2, length - length / 2);
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        files.at(Step.BEFORE_CLOSE, path);
        out.close();
        files.at(Step.CLOSED, path);
      }
    }
  }
}
