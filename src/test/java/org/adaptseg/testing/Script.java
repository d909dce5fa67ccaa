package org.adaptseg.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * One of the scripts of the project, or another program, as a process; what it prints is kept in
 * files. Of this process's environment it gets what has nothing to do with clusters: what is to
 * lead to one, a test names.
 */
public final class Script implements AutoCloseable {
  private static final int SHOWN = 8000;
  private static final Pattern OURS =
      Pattern.compile("(SPARK|HADOOP|YARN|KUBE|AWS|ADAPTSEG)_?.*|OMP_NUM_THREADS");

  private final Process process;
  private final List<String> command;
  private final Path out;
  private final Path err;

  private Script(Process process, List<String> command, Path out, Path err) {
    this.process = process;
    this.command = command;
    this.out = out;
    this.err = err;
  }

  /**
   * What a process left.
   *
   * @param code exit code
   * @param out standard output
   * @param err standard error
   */
  public record Ended(int code, String out, String err) {
    /** All of it, for messages of failures. */
    public String all() {
      return "exit code %d%n%s%n%s".formatted(code, tail(out), tail(err));
    }
  }

  /**
   * Starts it.
   *
   * @param logs directory for its output
   * @param environment further variables
   */
  public static Script start(Path logs, Map<String, String> environment, List<String> command) {
    try {
      Files.createDirectories(logs);
      Path out = Files.createTempFile(logs, "script-", ".out");
      Path err = Files.createTempFile(logs, "script-", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/null"))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      Map<String, String> variables = builder.environment();
      variables.keySet().removeIf(name -> OURS.matcher(name).matches());
      variables.put("JAVA_HOME", System.getProperty("java.home"));
      variables.putAll(environment);
      return new Script(builder.start(), command, out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it and waits for its end. */
  public static Ended run(
      Path logs, Map<String, String> environment, Duration limit, List<String> command) {
    try (Script script = start(logs, environment, command)) {
      return script.await(limit);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the end; one that does not come in time fails the test. */
  public Ended await(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            "Expected %s to end within %s; it printed:%n%s".formatted(command, limit, soFar()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return new Ended(process.exitValue(), text(out), text(err));
  }

  /** Both outputs so far, for messages of failures. */
  public String soFar() {
    return tail(text(out)) + "\n" + tail(text(err));
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private static String tail(String text) {
    return text.length() <= SHOWN ? text : "..." + text.substring(text.length() - SHOWN);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
