package org.adaptseg.job.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether what was printed has arrived. Java's {@code System.out} fails without a word: scores that
 * are redirected to a full disk would be cut, and the exit code 0.
 */
public final class StandardOutput {
  private static final String CLOSED = "Bad file descriptor";

  private StandardOutput() {}

  /**
   * What a file or device did not take; empty where all was taken, and where the reader of a pipe
   * has gone (as {@code head} does) or standard output was closed on purpose.
   */
  @SuppressWarnings("resource") // closing it would close standard output
  public static Optional<String> loss() {
    return System.out.checkError()
        ? loss(target(), new FileOutputStream(FileDescriptor.out))
        : Optional.empty();
  }

  private static String target() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * The same for an output that has failed.
   *
   * @param target a path, or as Linux calls what has none: {@code pipe:[1]}
   */
  static Optional<String> loss(String target, OutputStream failed) {
    if (!target.startsWith("/")) {
      return Optional.empty();
    }
    String found = "less";
    try {
      failed.write('\n');
    } catch (IOException e) {
      found = String.valueOf(e.getMessage());
    }
    return found.equals(CLOSED)
        ? Optional.empty()
        : Optional.of(
            "Cannot print: expected room for all that the command says, found %s (%s)"
                .formatted(found, target));
  }
}
