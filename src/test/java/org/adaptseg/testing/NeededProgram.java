package org.adaptseg.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs that a test needs and not every machine has. This is the one place that decides what
 * happens without them: the test is left out, with the reason, or it fails where the environment
 * says {@code CI=true}. {@code jobs/test.sh} installs them.
 */
public final class NeededProgram {
  /** {@code jobs/test.sh} prints it. */
  private static final Path LEFT_OUT = Path.of("target", "left-out.txt");

  private NeededProgram() {}

  /**
   * The first of the names that is an executable file in {@code PATH}.
   *
   * @param what what the test does with it, for the reason
   * @param names names that it may have
   */
  public static Path find(String what, String... names) {
    Path leftOut = "true".equals(System.getenv("CI")) ? null : LEFT_OUT;
    return search(what, System.getenv("PATH"), leftOut, names);
  }

  /**
   * As the other.
   *
   * @param leftOut gets the reason, because Surefire drops it where a whole class is left out; null
   *     if nothing may be left out
   */
  static Path search(String what, String path, Path leftOut, String... names) {
    for (String name : names) {
      for (String directory : path.split(File.pathSeparator, -1)) {
        Path file = Path.of(directory, name);
        if (Files.isExecutable(file)) {
          return file;
        }
      }
    }
    String reason =
        "Cannot %s: expected one of %s in PATH, found none (jobs/test.sh installs it)"
            .formatted(what, List.of(names));
    if (leftOut == null) {
      throw new AssertionError(reason);
    }
    try {
      Files.writeString(
          leftOut, reason + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Assumptions.abort(reason);
  }
}
