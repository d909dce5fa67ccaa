package org.adaptseg.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The local file system, which stands still for ever at a chosen step of writing a checkpoint:
 * before and after a file is made, when half of it is written, before and after it is closed,
 * before and after it is renamed, before directories are made and files deleted. Whoever waits for
 * the mark can kill the process there. For {@code fs.file.impl}.
 */
public final class StoppingFileSystem extends WatchedFileSystem {
  /** Setting of Hadoop: number of the step, from 1. */
  public static final String STEP = "test.stopping.step";

  /** Setting of Hadoop: the file that is made when the step is reached. */
  public static final String MARK = "test.stopping.mark";

  /** Setting of Hadoop: what paths contain that count; those of checkpoints where there is none. */
  public static final String PATHS = "test.stopping.paths";

  private static final AtomicLong STEPS = new AtomicLong();

  /** Required by Hadoop. */
  public StoppingFileSystem() {
    super(StoppingFileSystem::at);
  }

  private static void at(Step step, Path path, Configuration settings) throws IOException {
    boolean counts =
        step != Step.BEFORE_READ
            && step != Step.BEFORE_WRITE
            && path.toUri().getPath().contains(settings.get(PATHS, "/checkpoints/iteration-"));
    if (!counts || STEPS.incrementAndGet() != settings.getLong(STEP, 0)) {
      return;
    }
    Files.createFile(java.nio.file.Path.of(settings.get(MARK)));
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
