package org.adaptseg.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Finding other processes and waiting for what they do. */
public final class Processes {
  private static final int POLL_MILLIS = 20;

  private Processes() {}

  /** Those of the processes that are JVMs with this text in their command line. */
  public static List<ProcessHandle> java(Stream<ProcessHandle> processes, String text) {
    return processes.filter(process -> isJava(commandLine(process), text)).toList();
  }

  private static boolean isJava(String commandLine, String text) {
    String program = commandLine.split("\0", 2)[0];
    return program.endsWith("/java") && commandLine.contains(text);
  }

  /** ProcessHandle cuts long command lines, which those of Spark are. */
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

  /**
   * Waits until something is so; it is an error if it takes too long or what should bring it about
   * has ended.
   */
  public static void await(
      String what,
      Duration limit,
      BooleanSupplier isSo,
      BooleanSupplier goesOn,
      Supplier<String> found) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      boolean alive = goesOn.getAsBoolean();
      if (isSo.getAsBoolean()) {
        return;
      }
      if (!alive || System.nanoTime() > deadline) {
        throw new AssertionError(
            "Expected %s within %s, found:%n%s".formatted(what, limit, found.get()));
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
