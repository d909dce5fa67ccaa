package org.adaptseg.data.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.Path;

/**
 * Fetches the bytes of announced files on its own threads, to be taken later. Waiting for a store
 * is no work, so these threads add next to nothing to those that decode. All methods may be called
 * from several threads at once.
 */
public final class ReadAhead implements AutoCloseable {
  /** The image and the label of a sample at once. */
  static final int THREADS = 2;

  /** Files that are held at most; those announced beyond are read when they are asked for. */
  static final int MOST_FILES = 32;

  /** Of announcements; a file that is older makes room, since no one seems to take it. */
  static final int OLD = 8 * MOST_FILES;

  private static final long IDLE_SECONDS = 10;
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final ThreadPoolExecutor threads;
  private final Map<Path, Fetch> announced = new LinkedHashMap<>(); // guarded by itself
  private long announcements; // guarded by announced
  private boolean closed; // guarded by announced

  /** Reads a file. */
  @FunctionalInterface
  public interface Reading {
    /** The bytes of one file. */
    byte[] read() throws IOException;
  }

  private static final class Fetch extends FutureTask<byte[]> {
    private final long number;
    private volatile boolean failed;

    Fetch(Reading reading, long number) {
      super(reading::read);
      this.number = number;
    }

    @Override
    protected void setException(Throwable failure) {
      failed = true;
      super.setException(failure);
    }
  }

  /** Starts no thread before a file is announced. */
  public ReadAhead() {
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // holds no more than the map
            task -> {
              Thread thread = new Thread(task, "read-ahead-" + COUNT.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Begins to fetch a file soon; not if it is here already, there are too many, or after closing.
   */
  public void announce(Path path, Reading reading) {
    synchronized (announced) {
      announcements++;
      Fetch earlier = announced.get(path);
      // What failed for a reader that never came may succeed now.
      if (closed || earlier != null && !earlier.failed) {
        return;
      }
      announced.remove(path);
      if (announced.size() >= MOST_FILES && !dropOld()) {
        return;
      }
      Fetch fetch = new Fetch(reading, announcements);
      announced.put(path, fetch);
      threads.execute(fetch);
    }
  }

  private boolean dropOld() {
    Iterator<Fetch> all = announced.values().iterator();
    Fetch eldest = all.next();
    if (announcements - eldest.number <= OLD) {
      return false;
    }
    all.remove();
    threads.remove(eldest);
    eldest.cancel(true);
    return true;
  }

  /**
   * The bytes of a file: those that were fetched, or read now.
   *
   * @param reading as it was announced
   * @throws IOException what reading met, be it now or before
   */
  public byte[] take(Path path, Reading reading) throws IOException {
    Fetch fetch;
    synchronized (announced) {
      fetch = announced.remove(path);
    }
    if (fetch == null) {
      return reading.read();
    }
    threads.remove(fetch);
    fetch.run(); // here, unless a thread has begun it: many readers must not wait for few threads
    try {
      return fetch.get();
    } catch (CancellationException e) {
      throw new IOException("Cannot read " + path + ": the split was closed", e);
    } catch (InterruptedException e) {
      fetch.cancel(true);
      Thread.currentThread().interrupt();
      throw (IOException)
          new InterruptedIOException("Cannot read " + path + ": interrupted").initCause(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause(); // reading throws nothing else
    }
  }

  /** Stops fetching and drops what was fetched; files can still be read. */
  @Override
  public void close() {
    synchronized (announced) {
      closed = true;
      announced.values().forEach(fetch -> fetch.cancel(true));
      announced.clear();
    }
    threads.shutdownNow();
  }
}
