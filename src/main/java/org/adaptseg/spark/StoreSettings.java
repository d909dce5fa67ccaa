package org.adaptseg.spark;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Settings of Spark for object stores, where neither the user nor the platform has any. */
public final class StoreSettings {
  private static final String PROTOCOL = "spark.sql.sources.commitProtocolClass";
  private static final String PARQUET = "spark.sql.parquet.output.committer.class";
  private static final String PROTOCOL_CLASS =
      "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol";
  private static final String PARQUET_CLASS =
      "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter";
  private static final String FACTORY_CLASS = "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory";

  private static final String CONNECTIONS = "fs.s3a.connection.maximum";

  /** For uploads and listings, besides the readers' own. */
  private static final int SPARE_CONNECTIONS = 16;

  private static final int MOST_CONNECTIONS = 500;

  private StoreSettings() {}

  /**
   * Settings for a run whose workers may all be in one process.
   *
   * @param readers threads of all workers that read samples
   */
  public static void addTo(SparkConf conf, int readers) {
    addTo(conf);
    // Hadoop's own files may say more than Spark's settings, so theirs are asked too.
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(conf);
    int connections = Math.min(MOST_CONNECTIONS, readers + SPARE_CONNECTIONS);
    if (hadoop.getInt(CONNECTIONS, 0) < connections) {
      conf.set("spark.hadoop." + CONNECTIONS, String.valueOf(connections));
    }
  }

  /**
   * Lets Spark's writers commit by completing uploads on {@code s3a}: a rename there is a copy that
   * may stop in the middle. Other file systems keep their committer, and so does a platform that
   * names one of its own or lacks the classes.
   */
  public static void addTo(SparkConf conf) {
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
