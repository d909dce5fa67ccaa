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

  private final JavaProcess process;
  private final String uri;

  private HdfsServer(JavaProcess process, String uri) {
    this.process = process;
    this.uri = uri;
  }

  /** Starts them; all their files are below a directory. */
  public static HdfsServer start(Path directory) {
    Path details = directory.resolve("hdfs.json");
    JavaProcess process =
        JavaProcess.main(
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

  private static String port(JavaProcess process, Path details) {
    long deadline = System.nanoTime() + START.toNanos();
    try {
      while (process.isAlive() && System.nanoTime() < deadline) {
        if (Files.exists(details)) {
          Matcher port = PORT.matcher(Files.readString(details));
          if (port.find()) {
            return port.group(1);
          }
        }
        Thread.sleep(50);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    throw new AssertionError(
        "Expected HDFS to start within %s; it printed:%n%s".formatted(START, process.err()));
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
