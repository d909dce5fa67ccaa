package org.adaptseg.engine.host;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Splits a loop among threads. Which thread takes which part is left to chance, so a part must not
 * depend on another; what is summed over parts is summed afterwards, in their order.
 */
public final class Ranges {
  /** As OpenMP, which reads the same variable: native code and loops of a worker take turns. */
  private static volatile int threads = initial();

  private static final ExecutorService POOL =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "adaptseg-loop");
            thread.setDaemon(true);
            return thread;
          });

  private Ranges() {}

  /** Loops that begin from now on run on so many threads, at least 1. */
  public static void setThreads(int number) {
    threads = number;
  }

  /** One part of a loop. */
  public interface Body<T> {
    /**
     * @param local what this thread keeps from part to part
     * @param part from 0
     */
    void run(T local, int part);
  }

  private static int initial() {
    String configured = System.getenv("OMP_NUM_THREADS");
    return configured != null && configured.matches("[1-9]\\d{0,3}")
        ? Integer.parseInt(configured)
        : Runtime.getRuntime().availableProcessors();
  }

  /**
   * Runs all parts and returns when they are done.
   *
   * @param local makes what a thread keeps, for example arrays to copy through
   * @throws RuntimeException what a part threw
   */
  public static <T> void forEach(int parts, Supplier<T> local, Body<T> body) {
    AtomicInteger next = new AtomicInteger();
    Runnable share =
        () -> {
          T kept = null;
          for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
            kept = kept == null ? local.get() : kept;
            body.run(kept, part);
          }
        };
    List<Future<?>> others = new ArrayList<>();
    for (int i = 1; i < Math.min(threads, parts); i++) {
      others.add(POOL.submit(share));
    }
    RuntimeException failure = null;
    try {
      share.run();
    } catch (RuntimeException e) {
      failure = e;
      next.set(parts);
    }
    for (Future<?> other : others) {
      failure = await(other, failure);
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Waits even if interrupted or failed: the others still work on the caller's arrays. */
  private static RuntimeException await(Future<?> other, RuntimeException failure) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          other.get();
          return failure;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          return failure == null ? (RuntimeException) e.getCause() : failure;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
