package org.adaptseg.testing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command line of a short-lived JVM of its own, with this JVM's Java. */
public final class JavaCommand {
  /**
   * For JVMs that live for seconds: much of their processor time would go into compiling for hours
   * of life.
   */
  public static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final List<String> options = new ArrayList<>(SHORT_LIVED);
  private final List<String> program;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private Path directory;
  private boolean secret;

  private JavaCommand(List<String> program) {
    this.program = program;
  }

  /** A main class, with its arguments, on a class path. */
  public static JavaCommand main(String classPath, String mainClass, List<String> arguments) {
    List<String> program = new ArrayList<>(List.of("-cp", classPath, mainClass));
    program.addAll(arguments);
    return new JavaCommand(program);
  }

  /** A jar that says what is started in it. */
  public static JavaCommand jar(Path jar, List<String> arguments) {
    List<String> program = new ArrayList<>(List.of("-jar", jar.toString()));
    program.addAll(arguments);
    return new JavaCommand(program);
  }

  /** Options of the JVM, for example {@code -Xmx1g}. */
  public JavaCommand options(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /** System properties, for example Spark's settings. */
  public JavaCommand properties(Map<String, String> properties) {
    properties.forEach((name, value) -> options.add("-D" + name + "=" + value));
    return this;
  }

  /** A variable of the process's environment, besides those of this JVM. */
  public JavaCommand environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Working directory; by default that of this JVM. */
  public JavaCommand directory(Path path) {
    directory = path;
    return this;
  }

  /** Files that the process makes are its owner's alone. */
  public JavaCommand ownerOnly() {
    secret = true;
    return this;
  }

  /** The process that this would start. */
  public ChildProcess.Builder process() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(program);
    ChildProcess.Builder builder =
        ChildProcess.of(command).environment(environment).directory(directory);
    return secret ? builder.ownerOnly() : builder;
  }

  /** Starts it; its output goes to new files in a directory. */
  public ChildProcess start(Path logs) {
    return process().start(logs);
  }

  /** Starts it and waits for its end. */
  public Ended run(Path logs, Duration limit) {
    return process().run(logs, limit);
  }
}
