package org.adaptseg.testing;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local file system, which stands still for ever at a chosen step of writing a checkpoint:
 * before and after a file is made, when half of it is written, before and after it is closed,
 * before and after it is renamed, before directories are made and files deleted. Whoever waits for
 * the mark can kill the process there. For {@code fs.file.impl}.
 */
public final class StoppingFileSystem extends LocalFileSystem {
  /** Setting of Hadoop: number of the step, from 1. */
  public static final String STEP = "test.stopping.step";

  /** Setting of Hadoop: the file that is made when the step is reached. */
  public static final String MARK = "test.stopping.mark";

  private static final AtomicLong STEPS = new AtomicLong();

  /** Required by Hadoop. */
  public StoppingFileSystem() {
    super(new Raw());
  }

  /** Below the checksums, where files are written that are to have none. */
  private static final class Raw extends RawLocalFileSystem {
    private void step(Path path) throws IOException {
      boolean counts = path.toUri().getPath().contains("/checkpoints/iteration-");
      if (!counts || STEPS.incrementAndGet() != getConf().getLong(STEP, 0)) {
        return;
      }
      Files.createFile(java.nio.file.Path.of(getConf().get(MARK)));
      try {
        Thread.sleep(Long.MAX_VALUE);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
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
      step(path);
      return stepping(
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
      step(path);
      return stepping(
          path,
          super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress));
    }

    private FSDataOutputStream stepping(Path path, OutputStream file) throws IOException {
      step(path);
      OutputStream stepping =
          new FilterOutputStream(file) {
            private boolean closed;

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
              out.write(bytes, from, length / 2);
              out.flush();
              step(path);
              out.write(bytes, from + length / 2, length - length / 2);
            }

            @Override
            public void close() throws IOException {
              if (!closed) {
                closed = true;
                step(path);
                out.close();
                step(path);
              }
            }
          };
      return new FSDataOutputStream(stepping, null);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
      step(from);
      boolean renamed = super.rename(from, to);
      step(to);
      return renamed;
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
      step(path);
      return super.mkdirs(path);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
      step(path);
      return super.delete(path, recursive);
    }
  }
}
