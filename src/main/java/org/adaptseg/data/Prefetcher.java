package org.adaptseg.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads samples ahead on its own threads and hands them out strictly in order. One thread takes
 * them; any thread may close it at any time, also while another waits in {@link #next}.
 *
 * @param <T> the kind of sample
 */
public final class Prefetcher<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Prefetcher.class);
  private static final AtomicInteger THREADS = new AtomicInteger();

  /** Reads the sample at a place of the sequence; called from several threads at once. */
  @FunctionalInterface
  public interface Loader<T> {
    /**
     * @param step 0, 1, 2, … : place in the sequence
     * @throws IOException with a message that names the sample
     */
    T load(long step) throws IOException;

    /** Says that a place will be loaded soon; see {@link Split#announce}. */
    default void announce(long step) {}
  }

  private final Loader<T> loader;
  private final long count;
  private final int ahead;

  /**
   * Samples that are asked for at once: waking a thread costs as much as taking a sample from
   * memory. As long as a batch is not asked for, each thread has two others to read.
   */
  private final int batch;

  private final ExecutorService threads;
  private final Deque<Future<T>> waiting = new ArrayDeque<>(); // guarded by this
  private Future<T> taken; // guarded by this; what next() waits for
  private long announced; // guarded by this
  private long submitted; // guarded by this
  private boolean closed; // guarded by this

  /**
   * Starts reading.
   *
   * @param count length of the sequence
   * @param threads number of reading threads, at least 1
   * @param ahead samples that are read or being read before they are asked for, at least 1
   */
  public Prefetcher(Loader<T> loader, long count, int threads, int ahead) {
    if (count < 0 || threads < 1 || ahead < 1) {
      throw new IllegalArgumentException(
          "Cannot prefetch: expected at least one thread and one sample ahead, found "
              + threads
              + " threads, "
              + ahead
              + " samples, sequence of "
              + count);
    }
    this.loader = loader;
    this.count = count;
    this.ahead = ahead;
    this.batch = Math.max(1, Math.min(ahead / 2, ahead - 2 * threads));
    this.threads =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "prefetch-" + THREADS.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    synchronized (this) {
      fill();
    }
  }

  /** Reads the sample of a place and index of a split. */
  @FunctionalInterface
  public interface Reader<T> {
    /**
     * @param place place in the sequence
     * @param index index in the split
     */
    T read(Split split, long place, int index) throws IOException;
  }

  /**
   * A loader whose failures name the sample.
   *
   * @param indices maps a place to an index of the split
   * @param labelled whether the reader reads labelled samples
   */
  public static <T> Loader<T> loader(
      Split split, Indices indices, boolean labelled, Reader<T> reader) {
    return new Loader<>() {
      @Override
      public T load(long step) throws IOException {
        int index = indices.at(step);
        try {
          return reader.read(split, step, index);
        } catch (IOException | RuntimeException e) {
          throw new IOException(
              String.format(
                  Locale.ROOT,
                  "Cannot read sample %s (index %d): %s",
                  split.id(index),
                  index,
                  e.getMessage()),
              e);
        }
      }

      @Override
      public void announce(long step) {
        split.announce(indices.at(step), labelled);
      }
    };
  }

  /** Reads labelled samples of a split; {@code indices} maps a place to an index of the split. */
  public static Prefetcher<Sample.Labelled> labelled(
      Split split, Indices indices, long count, int threads, int ahead) {
    return new Prefetcher<>(
        loader(split, indices, true, (of, place, index) -> of.labelled(index)),
        count,
        threads,
        ahead);
  }

  /** Reads unlabelled samples of a split; {@code indices} maps a place to an index of the split. */
  public static Prefetcher<Sample.Unlabelled> unlabelled(
      Split split, Indices indices, long count, int threads, int ahead) {
    return new Prefetcher<>(
        loader(split, indices, false, (of, place, index) -> of.unlabelled(index)),
        count,
        threads,
        ahead);
  }

  /** Which sample stands at a place of the sequence. */
  @FunctionalInterface
  public interface Indices {
    /** The index in the split, a pure function of the place. */
    int at(long step);
  }

  /**
   * The next sample; waits for it.
   *
   * @throws IOException if this sample could not be read; later samples can still be taken
   * @throws NoSuchElementException after the last one
   * @throws IllegalStateException if this is closed, or gets closed meanwhile
   */
  public T next() throws IOException {
    Future<T> head;
    synchronized (this) {
      if (closed) {
        throw closedException();
      }
      head = waiting.poll();
      if (head == null) {
        throw new NoSuchElementException("All " + count + " samples have been taken");
      }
      taken = head;
      fill();
    }
    try {
      return head.get();
    } catch (CancellationException e) {
      throw closedException();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("Interrupted while waiting").initCause(e);
    } catch (ExecutionException e) {
      synchronized (this) {
        if (closed) {
          throw closedException();
        }
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof IOException
          ? new IOException(e.getCause().getMessage(), e.getCause())
          : new IOException("Cannot read a sample: " + e.getCause(), e.getCause());
    }
  }

  /** Stops reading and drops what was read ahead. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      waiting.forEach(future -> future.cancel(true));
      waiting.clear();
      if (taken != null) {
        taken.cancel(true); // a task that never starts would never wake its waiter
      }
    }
    threads.shutdownNow();
  }

  private void fill() {
    while (!closed && announced < count && waiting.size() + announced - submitted < ahead) {
      announce(announced);
      announced++;
    }
    if (announced - submitted < batch && announced < count) {
      return;
    }
    while (!closed && submitted < announced) {
      long step = submitted;
      try {
        waiting.add(threads.submit(() -> loader.load(step)));
      } catch (RejectedExecutionException e) {
        throw closedException();
      }
      submitted++;
    }
  }

  /** A failed hint must not fail the run. */
  private void announce(long step) {
    try {
      loader.announce(step);
    } catch (RuntimeException e) {
      LOG.debug("Cannot announce place {} of the sequence", step, e);
    }
  }

  private static IllegalStateException closedException() {
    return new IllegalStateException("Cannot take a sample: expected an open prefetcher");
  }
}
