package org.adaptseg.data.store;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats what a store failed to do, with pauses that double, up to a limit. A file system's own
 * client retries first, but not what it takes for final, such as credentials that have expired and
 * are about to be renewed. A pause never changes a result.
 *
 * @param attempts how often an operation is tried, at least 1; {@value #ATTEMPTS} in Hadoop's
 *     settings
 * @param pause before the second attempt; {@value #PAUSE}, in milliseconds, in Hadoop's settings
 */
public record StoreRetries(int attempts, Duration pause) {
  /** Setting of Hadoop (as a setting of Spark, with {@code spark.hadoop.} before it). */
  public static final String ATTEMPTS = "adaptseg.store.attempts";

  /** Setting of Hadoop (as a setting of Spark, with {@code spark.hadoop.} before it). */
  public static final String PAUSE = "adaptseg.store.pause-ms";

  private static final int USUAL_ATTEMPTS = 5;
  private static final long USUAL_PAUSE_MS = 1000;
  private static final int MOST_DOUBLINGS = 6;
  private static final Logger LOG = LoggerFactory.getLogger(StoreRetries.class);

  public StoreRetries {
    if (attempts < 1 || pause.isNegative()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot retry: expected %s of at least 1 and %s of at least 0, found %d and %d",
              ATTEMPTS,
              PAUSE,
              attempts,
              pause.toMillis()));
    }
  }

  /**
   * As Hadoop's settings say; five attempts in 15 seconds, and the operations' own time, if not.
   */
  public static StoreRetries of(Configuration configuration) {
    return new StoreRetries(
        configuration.getInt(ATTEMPTS, USUAL_ATTEMPTS),
        Duration.ofMillis(configuration.getLong(PAUSE, USUAL_PAUSE_MS)));
  }

  /** What is tried; a second attempt must be as good as a first. */
  @FunctionalInterface
  public interface Operation<T> {
    /** Tries it once. */
    T run() throws IOException;
  }

  /**
   * Tries an operation until it succeeds.
   *
   * @param what names the operation and its file, for example {@code read s3a://b/x.png}
   * @throws IOException with that name, after the last attempt; at once, as it is, where a file is
   *     missing or cut short
   */
  public <T> T call(String what, Operation<T> operation) throws IOException {
    return call(what, operation, e -> false);
  }

  /**
   * As {@link #call(String, Operation)}.
   *
   * @param lasting further failures that a retry cannot cure; thrown as they are
   */
  public <T> T call(String what, Operation<T> operation, Predicate<IOException> lasting)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return operation.run();
      } catch (FileNotFoundException | EOFException | ChecksumException e) {
        throw e;
      } catch (IOException e) {
        if (lasting.test(e)) {
          throw e;
        }
        if (attempt == attempts || isInterruption(e)) {
          throw new IOException(
              String.format(
                  Locale.ROOT,
                  "Cannot %s: %s (attempt %d of %d)",
                  what,
                  reason(e),
                  attempt,
                  attempts),
              e);
        }
        LOG.warn("Trying again to {}: {} (attempt {} of {})", what, reason(e), attempt, attempts);
        pause(attempt, what);
      }
    }
  }

  /** A task that is being cancelled must not wait. Timeouts are of the same class, and must. */
  private static boolean isInterruption(IOException e) {
    return Thread.currentThread().isInterrupted()
        || e.getClass() == InterruptedIOException.class
            && e.getCause() instanceof InterruptedException;
  }

  private void pause(int attempt, String what) throws IOException {
    try {
      Thread.sleep(pause.toMillis() << Math.min(attempt - 1, MOST_DOUBLINGS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException)
          new InterruptedIOException("Cannot " + what + ": interrupted").initCause(e);
    }
  }

  private static String reason(IOException e) {
    String text = e.getMessage() == null ? e.toString() : e.getMessage();
    return text.lines().findFirst().orElse("").strip();
  }
}
