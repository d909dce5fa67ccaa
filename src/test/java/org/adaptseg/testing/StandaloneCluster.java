package org.adaptseg.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A standalone cluster of Spark on this machine: a master and workers, each a JVM of its own. */
public final class StandaloneCluster implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);

  private final List<ChildProcess> processes = new ArrayList<>();
  private final Path directory;
  private String master;

  private StandaloneCluster(Path directory) {
    this.directory = directory;
  }

  /**
   * Starts a cluster.
   *
   * @param cores of each worker
   * @param gpus addresses of each worker's GPUs, as its discovery script tells them; an empty list
   *     is a worker without
   */
  public static StandaloneCluster start(Path directory, int cores, List<List<String>> gpus) {
    StandaloneCluster cluster = new StandaloneCluster(directory);
    try {
      cluster.startAll(cores, gpus);
      return cluster;
    } catch (IOException e) {
      cluster.close();
      throw new UncheckedIOException(e);
    } catch (AssertionError | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private void startAll(int cores, List<List<String>> gpus) throws IOException {
    Files.createDirectories(directory);
    ChildProcess first =
        daemon(
            "org.apache.spark.deploy.master.Master",
            List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
    master = first.awaitOutput("Starting Spark master at (spark://\\S+)", START).group(1);
    List<ChildProcess> workers = new ArrayList<>();
    for (int i = 0; i < gpus.size(); i++) {
      List<String> arguments = new ArrayList<>();
      arguments.addAll(List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
      arguments.addAll(List.of("--cores", String.valueOf(cores), "--memory", "4g"));
      arguments.addAll(List.of("--work-dir", directory.resolve("work-" + i).toString()));
      arguments.addAll(List.of("--properties-file", properties(i, gpus.get(i)).toString()));
      arguments.add(master);
      workers.add(daemon("org.apache.spark.deploy.worker.Worker", arguments));
    }
    for (ChildProcess worker : workers) {
      worker.awaitOutput("Successfully registered with master", START);
    }
  }

  private ChildProcess daemon(String mainClass, List<String> arguments) throws IOException {
    Path logging = directory.resolve("daemon-log4j2.properties");
    Files.writeString(
        logging,
        """
        rootLogger.level = info
        rootLogger.appenderRef.console.ref = console
        appender.console.type = Console
        appender.console.name = console
        appender.console.target = SYSTEM_ERR
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
        """);
    ChildProcess process =
        ProgramProcess.spark(ProgramProcess.sparkClassPath(), mainClass, arguments)
            .options("-Xmx256m", "-Dlog4j2.configurationFile=" + logging)
            .environment("SPARK_NO_DAEMONIZE", "1")
            .start(directory);
    processes.add(process);
    return process;
  }

  private Path properties(int worker, List<String> gpus) throws IOException {
    Path file = directory.resolve("worker-" + worker + ".conf");
    String text = "spark.worker.cleanup.enabled true\n";
    if (!gpus.isEmpty()) {
      Path script = directory.resolve("gpus-" + worker + ".sh");
      String addresses = "\"" + String.join("\",\"", gpus) + "\"";
      Files.writeString(
          script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [" + addresses + "]}'\n");
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
      text +=
          "spark.worker.resource.gpu.amount %d\nspark.worker.resource.gpu.discoveryScript %s\n"
              .formatted(gpus.size(), script);
    }
    Files.writeString(file, text);
    return file;
  }

  /** What applications give as their master. */
  public String master() {
    return master;
  }

  @Override
  public void close() {
    processes.forEach(ChildProcess::close);
  }
}
