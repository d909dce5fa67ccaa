package org.adaptseg.nn.kernels;

import java.util.Locale;
import org.nd4j.linalg.factory.Nd4j;

/** The native code that every network needs, tried before anything else is done. */
public final class NativeLibraries {
  private NativeLibraries() {}

  /**
   * Loads them.
   *
   * @throws IllegalStateException in one sentence with the setting that mends it
   */
  public static void require() {
    try {
      Nd4j.zeros(1).close();
    } catch (LinkageError | RuntimeException e) {
      throw new IllegalStateException(
          describe(e, System.getProperty("os.name"), System.getProperty("os.arch")), e);
    }
  }

  /** What is missing, and what to do. */
  static String describe(Throwable failure, String system, String architecture) {
    if (!system.equals("Linux") || !architecture.equals("amd64")) {
      return String.format(
          Locale.ROOT,
          "Cannot load the native libraries: expected Linux on x86-64 (amd64), for which the job jar has them, found %s on %s; there are none for Arm (aarch64)",
          system,
          architecture);
    }
    StringBuilder all = new StringBuilder();
    Throwable last = failure;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      all.append(t).append('\n');
      last = t;
    }
    String text = all.toString();
    String cure;
    if (text.contains("failed to map segment") || text.contains("Operation not permitted")) {
      cure =
          "the folder that they are unpacked to forbids execution; set ADAPTSEG_JAVA_OPTIONS=-Dorg.bytedeco.javacpp.cachedir=DIR (spark.driver.extraJavaOptions and spark.executor.extraJavaOptions on a cluster), a folder of a file system without noexec";
    } else if (text.contains("No space left") || text.contains("Could not create")) {
      cure =
          "they need 300 MB in a folder that can be written to; set ADAPTSEG_JAVA_OPTIONS=-Dorg.bytedeco.javacpp.cachedir=DIR to one";
    } else if (text.contains("unable to create native thread")) {
      cure =
          "the system gives no more threads; raise ulimit -u or the container's limit of processes";
    } else if (text.contains("cannot allocate") || text.contains("OutOfMemory")) {
      cure = "the system gives no more memory; raise ulimit -v or the container's memory";
    } else {
      cure =
          "see that HOME or java.io.tmpdir can be written to and executed from, or set ADAPTSEG_JAVA_OPTIONS=-Dorg.bytedeco.javacpp.cachedir=DIR";
    }
    String line = String.valueOf(last.getMessage()).lines().findFirst().orElse("nothing");
    return String.format(
        Locale.ROOT,
        "Cannot load the native libraries: expected to unpack and link them, found %s: %s; %s",
        last.getClass().getSimpleName(),
        line,
        cure);
  }
}
