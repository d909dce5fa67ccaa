package org.adaptseg.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A name node and a data node of HDFS in a JVM of their own, on the loopback address. */
public final class HdfsServer implements AutoCloseable {
  private static final Path JARS = Path.of("target", "yarn-server");
  private static final Pattern PORT = Pattern.compile("\"namenode_port\":(\\d+)");
  private static final Duration START = Duration.ofSeconds(90);

  private final ChildProcess process;
  private final String uri;

  private HdfsServer(ChildProcess process, String uri) {
    this.process = process;
    this.uri = uri;
  }

  /** Starts them; all their files are below a directory. */
  public static HdfsServer start(Path directory) {
    Path details = directory.resolve("hdfs.json");
    ChildProcess process =
        JavaCommand.main(
                JARS.toAbsolutePath() + "/*",
                "org.apache.hadoop.test.MiniDFSClusterManager",
                List.of(
                    "-format",
                    "-datanodes",
                    "1",
                    "-writeDetails",
                    details.toString(),
                    "-D",
                    "hdfs.minidfs.basedir=" + directory.resolve("hdfs")))
            .options(
                "-Xmx256m",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Dtest.build.data=" + directory.resolve("hdfs-data"))
            .start(directory);
    try {
      return new HdfsServer(process, "hdfs://127.0.0.1:" + port(process, details));
    } catch (AssertionError | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  private static String port(ChildProcess process, Path details) {
    String[] port = new String[1];
    Processes.await(
        "HDFS to start",
        START,
        () -> {
          port[0] = port(details);
          return port[0] != null;
        },
        process::isAlive,
        process::soFar);
    return port[0];
  }

  private static String port(Path details) {
    try {
      Matcher port = PORT.matcher(Files.exists(details) ? Files.readString(details) : "");
      return port.find() ? port.group(1) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its file system, for example {@code hdfs://127.0.0.1:12345}. */
  public String uri() {
    return uri;
  }

  @Override
  public void close() {
    process.close();
  }
}
