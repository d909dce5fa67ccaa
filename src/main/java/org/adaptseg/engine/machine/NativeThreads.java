package org.adaptseg.engine.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.adaptseg.engine.host.Ranges;
import org.bytedeco.systems.global.linux;

/**
 * The number of threads that native code and loops of ours compute with. OpenMP takes it from the
 * process's environment at the moment it is loaded, so it is set there, from inside, before that;
 * whoever started the process need not know it.
 */
public final class NativeThreads {
  private static final String VARIABLE = "OMP_NUM_THREADS";

  /** Waiting threads that spin keep cores from those of other workers. */
  private static final String WAITING = "OMP_WAIT_POLICY";

  private static final int UNKNOWN = 0;
  private static int current = ofEnvironment();

  private NativeThreads() {}

  private static int ofEnvironment() {
    String set = System.getenv(VARIABLE);
    return set != null && set.matches("[1-9]\\d{0,3}") ? Integer.parseInt(set) : UNKNOWN;
  }

  /**
   * Computes with so many threads from now on. In a process that has computed with another number,
   * this is refused.
   *
   * @param threads at least 1
   * @throws IllegalStateException with what to do
   */
  public static void require(int threads) {
    requirePossible(threads);
    set(threads);
  }

  /** Refuses a number that cannot be set any more. */
  static synchronized void requirePossible(int threads) {
    if (threads != current && isLoaded()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot compute with cluster.threads-per-worker: %d: expected a process that has not computed yet, found one whose OpenMP was loaded with %s; start another process, or set %s=%d in its environment",
              threads,
              current == UNKNOWN ? "the number of its cores" : current,
              VARIABLE,
              threads));
    }
  }

  /** Loads the first of the native libraries, where the number is not that of the environment. */
  static synchronized void set(int threads) {
    if (threads != current) {
      NativeFolder.choose();
      linux.setenv(VARIABLE, String.valueOf(threads), 1);
      linux.setenv(WAITING, "PASSIVE", 0);
      Ranges.setThreads(threads);
      current = threads;
    }
  }

  /** Tells the number to a library that has one of its own, unless none was ever asked for. */
  static synchronized void ifSet(IntConsumer library) {
    if (current != UNKNOWN) {
      library.accept(current);
    }
  }

  /** How many they are. */
  public static synchronized int count() {
    return current == UNKNOWN ? Runtime.getRuntime().availableProcessors() : current;
  }

  private static boolean isLoaded() {
    try (Stream<String> maps =
        Files.lines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1)) {
      return maps.anyMatch(line -> line.contains("/libgomp"));
    } catch (IOException e) {
      return false; // where this cannot be read, nothing else can either
    }
  }
}
