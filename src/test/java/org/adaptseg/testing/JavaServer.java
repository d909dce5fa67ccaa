package org.adaptseg.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server of {@code src/test/servers}: a file of Java that a JVM runs from source, with a class
 * path of its own, so that the tests' class path need not know the server's libraries. It prints
 * {@code READY} and ends when its standard input does, so that it cannot outlive the test's JVM.
 */
public final class JavaServer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(120);
  private static final Pattern READY = Pattern.compile("(?m)^READY ?(.*)$");

  private final Process process;
  private final String ready;

  private JavaServer(Process process, String ready) {
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
    command.addAll(options);
    command.addAll(List.of("-cp", classPath));
    command.add(Path.of("src", "test", "servers", name + ".java").toAbsolutePath().toString());
    command.addAll(arguments);
    Path out = directory.resolve(name + ".out");
    Path err = directory.resolve(name + ".err");
    try {
      Files.createDirectories(directory);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      Process process = builder.start();
      return new JavaServer(process, awaitReady(process, name, out, err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String awaitReady(Process process, String name, Path out, Path err)
      throws IOException {
    long deadline = System.nanoTime() + START.toNanos();
    while (process.isAlive() && System.nanoTime() < deadline) {
      Matcher line = READY.matcher(Files.readString(out));
      if (line.find()) {
        return line.group(1);
      }
      pause();
    }
    process.destroyForcibly();
    throw new AssertionError(
        "Expected %s to be ready within %s; it printed:%n%s%n%s"
            .formatted(name, START, Files.readString(out), Files.readString(err)));
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
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
    List<ProcessHandle> children = process.descendants().toList();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
