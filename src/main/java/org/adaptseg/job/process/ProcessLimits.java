package org.adaptseg.job.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The limits of this process (ulimit) that would end a run in the middle, or let native code wait
 * without end: OpenBLAS asks for memory again and again. Uses nothing but Java's own classes, since
 * few open files are too few to load others.
 */
public final class ProcessLimits {
  /** The class path's files are about 200; images, stores and Spark's sockets are the rest. */
  private static final long FILES = 512;

  private static final long MIB = 1 << 20;
  private static final long NATIVE = 1024;
  private static final long PER_THREAD = 128;

  private ProcessLimits() {}

  /**
   * Refuses limits of open files that no command can work with.
   *
   * @throws IllegalStateException in one sentence with the setting that mends it
   */
  public static void requireFiles() {
    requireFiles(lines("/proc/self/limits"));
  }

  static void requireFiles(List<String> limits) {
    OptionalLong files = number(limits, "Max open files");
    if (files.isPresent() && files.getAsLong() < FILES) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot start: expected room for %d open files, found a limit of %d (raise ulimit -n, to 4096 say)",
              FILES,
              files.getAsLong()));
    }
  }

  /**
   * Refuses limits of memory in which native code cannot be loaded.
   *
   * @param threads of native code
   * @throws IllegalStateException in one sentence with the setting that mends it
   */
  public static void requireMemory(int threads) {
    requireMemory(lines("/proc/self/limits"), lines("/proc/self/status"), threads);
  }

  static void requireMemory(List<String> limits, List<String> status, int threads) {
    requireMemory(limits, "Max address space", status, "VmSize:", "-v", threads);
    requireMemory(limits, "Max data size", status, "VmData:", "-d", threads);
  }

  private static void requireMemory(
      List<String> limits,
      String limitName,
      List<String> status,
      String usedName,
      String option,
      int threads) {
    OptionalLong limit = number(limits, limitName);
    OptionalLong usedKib = number(status, usedName);
    long needed = NATIVE + PER_THREAD * threads;
    if (limit.isPresent() && usedKib.isPresent()) {
      long left = limit.getAsLong() / MIB - usedKib.getAsLong() / 1024;
      if (left < needed) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "Cannot load the native libraries: expected room for %d MiB beside Java, found %d MiB of %d (raise ulimit %s)",
                needed,
                Math.max(0, left),
                limit.getAsLong() / MIB,
                option));
      }
    }
  }

  /** The first number behind a name; none if the name or the limit is missing. */
  private static OptionalLong number(List<String> lines, String name) {
    for (String line : lines) {
      if (line.startsWith(name)) {
        String first = line.substring(name.length()).strip().split("\\s+")[0];
        return first.matches("\\d{1,18}")
            ? OptionalLong.of(Long.parseLong(first))
            : OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return List.of(); // not Linux
    }
  }
}
