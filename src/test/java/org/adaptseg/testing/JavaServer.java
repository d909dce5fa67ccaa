package org.adaptseg.testing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A server of {@code src/test/servers}: a file of Java that a JVM runs from source, with a class
 * path of its own, so that the tests' class path need not know the server's libraries. It prints
 * {@code READY} and ends when its standard input does, so that it cannot outlive the test's JVM.
 */
public final class JavaServer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(120);
  private static final String READY = "(?m)^READY ?(.*)\\n";

  private final ChildProcess process;
  private final String ready;

  private JavaServer(ChildProcess process, String ready) {
    this.process = process;
    this.ready = ready;
  }

  /**
   * Starts a server and waits until it is ready.
   *
   * @param name file name without its ending
   * @param classPath what it is compiled against and runs with
   * @param directory working directory; its output is kept there
   * @param options of the JVM
   */
  public static JavaServer start(
      String name, String classPath, Path directory, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JavaCommand.SHORT_LIVED);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath));
    command.add(Path.of("src", "test", "servers", name + ".java").toAbsolutePath().toString());
    command.addAll(arguments);
    ChildProcess process =
        ChildProcess.of(command)
            .environment(Map.of("JAVA_HOME", System.getProperty("java.home")))
            .directory(directory)
            .endsWithInput()
            .start(directory);
    try {
      return new JavaServer(process, process.awaitOutput(READY, START).group(1));
    } catch (AssertionError e) {
      process.close();
      throw e;
    }
  }

  /** What it said after READY. */
  public String ready() {
    return ready;
  }

  /** The processes that it has started, and theirs. */
  public Stream<ProcessHandle> descendants() {
    return process.descendants();
  }

  @Override
  public void close() {
    process.close();
  }
}
