package org.adaptseg.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * An S3 server in a JVM of its own, on a free port of the loopback address: s3proxy, which checks
 * signatures. Its buckets are directories.
 */
public final class S3Server implements AutoCloseable {
  public static final String ACCESS_KEY = "test-access";
  public static final String SECRET_KEY = "test-secret";

  private static final Path JAR =
      Path.of("target", "s3-server", "s3proxy-jar-with-dependencies.jar");
  private static final Duration START = Duration.ofSeconds(60);

  private final ChildProcess process;
  private final Path buckets;
  private final int port;

  private S3Server(ChildProcess process, Path buckets, int port) {
    this.process = process;
    this.buckets = buckets;
    this.port = port;
  }

  /** Starts a server with some buckets; all its files are below a directory. */
  public static S3Server start(Path directory, String... buckets) {
    return start(directory, Map.of(), buckets);
  }

  /** Starts a server with further settings of s3proxy. */
  public static S3Server start(Path directory, Map<String, String> more, String... buckets) {
    Path base = directory.resolve("buckets");
    Path properties = directory.resolve("s3proxy.properties");
    StringBuilder text = new StringBuilder();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("s3proxy.authorization", "aws-v2-or-v4");
    settings.put("s3proxy.endpoint", "http://127.0.0.1:0");
    settings.put("s3proxy.identity", ACCESS_KEY);
    settings.put("s3proxy.credential", SECRET_KEY);
    settings.put("jclouds.provider", "filesystem-nio2");
    settings.put("jclouds.filesystem.basedir", base.toAbsolutePath().toString());
    settings.putAll(more);
    settings.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    try {
      for (String bucket : buckets) {
        Files.createDirectories(base.resolve(bucket));
      }
      Files.writeString(properties, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Objects that everyone on the machine may read would be served to everyone who asks.
    ChildProcess process =
        JavaCommand.jar(JAR, List.of("--properties", properties.toString()))
            .options("-Xmx256m")
            .ownerOnly()
            .start(directory);
    try {
      String port =
          process
              .awaitOutput("Started .*ServerConnector.*\\{127\\.0\\.0\\.1:(\\d+)\\}", START)
              .group(1);
      return new S3Server(process, base, Integer.parseInt(port));
    } catch (AssertionError e) {
      process.close();
      throw e;
    }
  }

  /** Where it listens, for example {@code http://127.0.0.1:12345}. */
  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** The directory with a directory for each bucket. */
  public Path buckets() {
    return buckets;
  }

  /** Adds a bucket. */
  public void createBucket(String name) {
    try {
      Files.createDirectories(buckets.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Settings of S3A that lead here, with a user's credentials and otherwise S3A's defaults. */
  public Map<String, String> s3a() {
    return Map.of(
        "fs.s3a.endpoint",
        endpoint(),
        "fs.s3a.endpoint.region",
        "us-east-1",
        "fs.s3a.path.style.access",
        "true",
        "fs.s3a.connection.ssl.enabled",
        "false",
        "fs.s3a.access.key",
        ACCESS_KEY,
        "fs.s3a.secret.key",
        SECRET_KEY);
  }

  /** The same as settings of Spark. */
  public Map<String, String> spark() {
    Map<String, String> settings = new LinkedHashMap<>();
    s3a().forEach((key, value) -> settings.put("spark.hadoop." + key, value));
    return settings;
  }

  /** Hadoop's configuration with these settings. */
  public Configuration hadoop() {
    Configuration configuration = new Configuration();
    s3a().forEach(configuration::set);
    return configuration;
  }

  @Override
  public void close() {
    process.close();
  }
}
