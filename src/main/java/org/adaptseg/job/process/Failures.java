package org.adaptseg.job.process;

import java.util.Optional;

/** The one message of a failure that a user should read. */
public final class Failures {
  private static final int LONGEST = 500;

  private Failures() {}

  /** The first sentence in a chain of causes that was written for users. */
  public static String message(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String text = String.valueOf(t.getMessage());
      if (text.startsWith("Cannot ")) {
        return text;
      }
    }
    for (Throwable t = failure; t != null; t = t.getCause()) {
      Optional<String> limit = limit(String.valueOf(t));
      if (limit.isPresent()) {
        return limit.get();
      }
    }
    String line = failure.toString().lines().findFirst().orElse("no message");
    return "Cannot finish: "
        + (line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...")
        + " (--stack-trace shows where)";
  }

  /** A limit of the machine that was met, with the setting that raises it. */
  private static Optional<String> limit(String text) {
    if (text.contains("Too many open files")) {
      return Optional.of(
          "Cannot open a file: expected room for more open files, found the limit of the process reached (raise ulimit -n, to 4096 say)");
    }
    if (text.contains("unable to create native thread")) {
      return Optional.of(
          "Cannot start a thread: expected room for more, found the limit of the user or container reached (raise ulimit -u, or the container's limit of processes)");
    }
    if (text.contains("No space left on device")) {
      return Optional.of(
          "Cannot write a file: expected free space, found none (make room where the run writes, or set spark.local.dir and ADAPTSEG_JAVA_OPTIONS=-Djava.io.tmpdir=DIR to a larger disk)");
    }
    if (text.contains("Java heap space") || text.contains("GC overhead limit")) {
      return Optional.of(
          "Cannot get memory: expected a larger heap, found it full (ADAPTSEG_JAVA_OPTIONS=-Xmx8g, or --driver-memory and --executor-memory; train --dry-run says how much)");
    }
    return Optional.empty();
  }
}
