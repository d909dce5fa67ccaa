package org.adaptseg.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JVM of its own, with what it prints kept in files. Closing it ends it and what it started; a
 * test that forgets to would leave it to the machine.
 */
public final class JavaProcess implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(15);
  private static final int SHOWN = 6000;

  private final Process process;
  private final List<String> command;
  private final Path out;
  private final Path err;

  private JavaProcess(Process process, List<String> command, Path out, Path err) {
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
  public record Ended(int code, String out, String err) {}

  /** What is started. */
  public static final class Builder {
    private final List<String> options = new ArrayList<>();
    private final List<String> program;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private Path directory;
    private boolean secret;

    private Builder(List<String> program) {
      this.program = program;
    }

    /** Options of the JVM, for example {@code -Xmx1g}. */
    public Builder options(String... more) {
      options.addAll(List.of(more));
      return this;
    }

    /** System properties, for example Spark's settings. */
    public Builder properties(Map<String, String> properties) {
      properties.forEach((name, value) -> options.add("-D" + name + "=" + value));
      return this;
    }

    /** A variable of the process's environment, besides those of this JVM. */
    public Builder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** Working directory; by default that of this JVM. */
    public Builder directory(Path path) {
      directory = path;
      return this;
    }

    /** Files that the process makes are its owner's alone. */
    public Builder ownerOnly() {
      secret = true;
      return this;
    }

    /** Starts it; its output goes to new files in a directory. */
    public JavaProcess start(Path logs) {
      List<String> command = new ArrayList<>();
      if (secret) {
        command.addAll(List.of("/bin/sh", "-c", "umask 077; exec \"$@\"", "sh"));
      }
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(options);
      command.addAll(program);
      try {
        Files.createDirectories(logs);
        Path out = Files.createTempFile(logs, "process-", ".out");
        Path err = Files.createTempFile(logs, "process-", ".err");
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        if (directory != null) {
          builder.directory(directory.toFile());
        }
        builder.environment().putAll(environment);
        return new JavaProcess(builder.start(), command, out, err);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A main class, with its arguments, on a class path. */
  public static Builder main(String classPath, String mainClass, List<String> arguments) {
    List<String> program = new ArrayList<>(List.of("-cp", classPath, mainClass));
    program.addAll(arguments);
    return new Builder(program);
  }

  /** A jar that says what is started in it. */
  public static Builder jar(Path jar, List<String> arguments) {
    List<String> program = new ArrayList<>(List.of("-jar", jar.toString()));
    program.addAll(arguments);
    return new Builder(program);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Standard output so far. */
  public String out() {
    return text(out);
  }

  /** Standard error so far. */
  public String err() {
    return text(err);
  }

  /** Waits for the end; one that does not come in time fails the test. */
  public Ended await(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw late("to end", limit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return new Ended(process.exitValue(), out(), err());
  }

  /** Waits until either output holds a match and gives it; its absence fails the test. */
  public Matcher awaitOutput(String regex, Duration limit) {
    Pattern pattern = Pattern.compile(regex);
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      boolean alive = process.isAlive();
      for (Path file : List.of(out, err)) {
        Matcher matcher = pattern.matcher(text(file));
        if (matcher.find()) {
          return matcher;
        }
      }
      if (!alive || System.nanoTime() > deadline) {
        throw late(
            (alive ? "to print " : "to print, before it ended with " + code() + ", ") + regex,
            limit);
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private int code() {
    return process.exitValue();
  }

  private AssertionError late(String what, Duration limit) {
    return new AssertionError(
        "Expected %s %s within %s; it printed:%n%s%n%s"
            .formatted(command.get(command.size() - 1), what, limit, tail(out()), tail(err())));
  }

  private static String tail(String text) {
    return text.length() <= SHOWN ? text : "…" + text.substring(text.length() - SHOWN);
  }

  /** Ends it at once, as the kernel ends one that takes too much memory. */
  public void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
