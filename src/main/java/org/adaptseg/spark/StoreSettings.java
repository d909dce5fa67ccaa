package org.adaptseg.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Settings of Spark for stores, where neither the user nor the platform has any. */
public final class StoreSettings {
  private static final String PROTOCOL = "spark.sql.sources.commitProtocolClass";
  private static final String PARQUET = "spark.sql.parquet.output.committer.class";
  private static final String PROTOCOL_CLASS =
      "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol";
  private static final String PARQUET_CLASS =
      "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter";
  private static final String FACTORY_CLASS = "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory";

  /**
   * Settings of S3A for many readers of whole files. Connections: what Hadoop 3.4 begins with;
   * before it was 96. Buffer: with Hadoop's 8 kB a server may send 8 kB and must wait then for the
   * reader's answer; reading from a server on the same machine takes a sixth longer so.
   */
  private static final Map<String, String> S3A =
      Map.of("fs.s3a.connection.maximum", "500", "fs.s3a.socket.recv.buffer", "262144");

  /** Hadoop takes the bits of new files from here, on local file systems, too. */
  private static final String UMASK = "fs.permissions.umask-mode";

  private static final Path STATUS = Path.of("/proc/self/status");

  private static final String HADOOPS_OWN = "core-default.xml";

  private StoreSettings() {}

  /**
   * Sets what readers of samples need, unless somebody has set it: they are given Hadoop's settings
   * before Spark starts, not Spark's. Files have the bits that the process's umask leaves.
   */
  public static Configuration addTo(Configuration hadoop) {
    S3A.forEach(
        (name, value) -> {
          if (!isSet(hadoop, name)) {
            hadoop.set(name, value);
          }
        });
    // A cluster's files keep what the cluster says.
    if (!isSet(hadoop, UMASK) && FileSystem.getDefaultUri(hadoop).getScheme().equals("file")) {
      umask(STATUS).ifPresent(umask -> hadoop.set(UMASK, umask));
    }
    return hadoop;
  }

  /**
   * The bits that this process's new files shall not have, in octal; none where the system does not
   * say.
   */
  static Optional<String> umask(Path status) {
    try (Stream<String> lines = Files.lines(status, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.matches("Umask:\\s*[0-7]{1,4}"))
          .map(line -> line.replaceAll("\\D", ""))
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private static boolean isSet(Configuration hadoop, String name) {
    String[] sources = hadoop.getPropertySources(name);
    return sources != null
        && sources.length > 0
        && !sources[sources.length - 1].equals(HADOOPS_OWN);
  }

  /** The same for Spark itself, and its committers. */
  public static void addTo(SparkConf conf) {
    // Hadoop's own files may say more than Spark's settings, so theirs are asked too.
    Configuration hadoop = addTo(SparkHadoopUtil.get().newConfiguration(conf));
    S3A.keySet().forEach(name -> conf.set("spark.hadoop." + name, hadoop.get(name)));
    conf.set("spark.hadoop." + UMASK, hadoop.get(UMASK));
    addCommitters(conf);
  }

  /**
   * Lets Spark's writers commit by completing uploads on {@code s3a}: a rename there is a copy that
   * may stop in the middle. Other file systems keep their committer, and so does a platform that
   * names one of its own or lacks the classes.
   */
  private static void addCommitters(SparkConf conf) {
    if (conf.contains(PROTOCOL) || conf.contains(PARQUET)) {
      return;
    }
    if (!isThere(PROTOCOL_CLASS) || !isThere(PARQUET_CLASS) || !isThere(FACTORY_CLASS)) {
      return;
    }
    conf.set(PROTOCOL, PROTOCOL_CLASS);
    conf.set(PARQUET, PARQUET_CLASS);
    conf.setIfMissing("spark.hadoop.mapreduce.outputcommitter.factory.scheme.s3a", FACTORY_CLASS);
    conf.setIfMissing("spark.hadoop.fs.s3a.committer.name", "magic");
    conf.setIfMissing("spark.hadoop.fs.s3a.committer.magic.enabled", "true");
  }

  private static boolean isThere(String name) {
    try {
      Class.forName(name, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
