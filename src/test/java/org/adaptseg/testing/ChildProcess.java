package org.adaptseg.testing;

import java.io.File;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A process that a test starts, with what it prints kept in files: the only way for tests to start
 * one. Closing it ends it and what it started; a test that forgets to would leave it to the
 * machine.
 */
public final class ChildProcess implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(15);
  private static final File NOTHING = new File("/dev/null");

  /** Variables that lead to a cluster; scripts get only those of them that a test names. */
  private static final Pattern OURS =
      Pattern.compile("(SPARK|HADOOP|YARN|KUBE|AWS|ADAPTSEG)_?.*|OMP_NUM_THREADS");

  private final Process process;
  private final List<String> command;
  private final boolean endsWithInput;
  private final Path out;
  private final Path err;

  @Starts
  private ChildProcess(
      Process process, List<String> command, boolean endsWithInput, Path out, Path err) {
    this.process = process;
    this.command = command;
    this.endsWithInput = endsWithInput;
    this.out = out;
    this.err = err;
  }

  /** What is started. */
  public static final class Builder {
    private final List<String> command;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private Pattern without = Pattern.compile("(?!)");
    private Path directory;
    private boolean secret;
    private boolean endsWithInput;

    private Builder(List<String> command) {
      this.command = command;
    }

    /** Variables of the process's environment, besides those of this JVM. */
    public Builder environment(Map<String, String> variables) {
      environment.putAll(variables);
      return this;
    }

    /** Leaves variables of this JVM out whose names match. */
    public Builder without(Pattern names) {
      without = names;
      return this;
    }

    /** Working directory; by default, or if it is null, that of this JVM. */
    public Builder directory(Path path) {
      directory = path;
      return this;
    }

    /** Files that the process makes are its owner's alone. */
    public Builder ownerOnly() {
      secret = true;
      return this;
    }

    /** It ends when its standard input does, so that it cannot outlive this JVM. */
    public Builder endsWithInput() {
      endsWithInput = true;
      return this;
    }

    /** Starts it; its output goes to new files in a directory. */
    public ChildProcess start(Path logs) {
      List<String> words = new ArrayList<>();
      if (secret) {
        words.addAll(List.of("/bin/sh", "-c", "umask 077; exec \"$@\"", "sh"));
      }
      words.addAll(command);
      try {
        Files.createDirectories(logs);
        Path out = Files.createTempFile(logs, "process-", ".out");
        Path err = Files.createTempFile(logs, "process-", ".err");
        ProcessBuilder builder =
            new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
        if (!endsWithInput) {
          builder.redirectInput(NOTHING);
        }
        if (directory != null) {
          builder.directory(directory.toFile());
        }
        builder.environment().keySet().removeIf(name -> without.matcher(name).matches());
        builder.environment().putAll(environment);
        return new ChildProcess(builder.start(), command, endsWithInput, out, err);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Starts it and waits for its end. */
    public Ended run(Path logs, Duration limit) {
      try (ChildProcess process = start(logs)) {
        return process.await(limit);
      }
    }
  }

  /** A program and its arguments. */
  public static Builder of(List<String> command) {
    return new Builder(List.copyOf(command));
  }

  /**
   * One of the project's scripts, or another program. Of this JVM's environment it gets what has
   * nothing to do with clusters: what is to lead to one, a test names.
   */
  public static Builder script(Map<String, String> environment, List<String> command) {
    return of(command)
        .without(OURS)
        .environment(Map.of("JAVA_HOME", System.getProperty("java.home")))
        .environment(environment);
  }

  /** Runs a program to its end, for its exit code alone. */
  public static int codeOf(String... command) {
    try {
      return new ProcessBuilder(command)
          .redirectInput(NOTHING)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
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

  /** Both outputs so far, shortened, for messages of failures. */
  public String soFar() {
    return Ended.tail(out()) + "\n" + Ended.tail(err());
  }

  /** The processes that it has started, and theirs. */
  public Stream<ProcessHandle> descendants() {
    return process.descendants();
  }

  /** Its exit code, when it has ended. */
  public CompletableFuture<Integer> onExit() {
    return process.onExit().thenApply(Process::exitValue);
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
    return new Ended(process.exitValue(), out(), err());
  }

  /** Waits until either output holds a match and gives it; its absence fails the test. */
  public Matcher awaitOutput(String regex, Duration limit) {
    Pattern pattern = Pattern.compile(regex);
    Matcher[] found = new Matcher[1];
    Processes.await(
        "%s to print %s".formatted(command.get(command.size() - 1), regex),
        limit,
        () ->
            Stream.of(out(), err())
                .map(pattern::matcher)
                .filter(Matcher::find)
                .peek(matcher -> found[0] = matcher)
                .findFirst()
                .isPresent(),
        this::isAlive,
        () -> (isAlive() ? "" : "exit code " + process.exitValue() + "\n") + soFar());
    return found[0];
  }

  /** Asks it to end, and does not wait. */
  public void terminate() {
    process.destroy();
  }

  /** Ends it at once, as the kernel ends one that takes too much memory. */
  public void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    try {
      if (endsWithInput) {
        process.getOutputStream().close();
      } else {
        process.destroy();
      }
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      process.destroyForcibly();
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
