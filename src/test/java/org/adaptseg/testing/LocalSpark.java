package org.adaptseg.testing;

import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * A Spark session whose driver is the test's JVM, bound to the loopback address, for one test at a
 * time.
 */
public final class LocalSpark implements AutoCloseable {
  private final SparkSession session;
  private final JavaSparkContext context;

  private LocalSpark(SparkSession session) {
    this.session = session;
    this.context = JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  /** Starts a session, for example on {@code local[2]}. */
  public static LocalSpark start(String master) {
    return start(master, Map.of());
  }

  /** Starts a session whose executors are JVMs of their own, for example local-cluster[2,1,512]. */
  @Starts
  public static LocalSpark onCluster(String master, Map<String, String> settings) {
    return session(master, settings);
  }

  /** Starts a session inside this JVM with further settings. */
  public static LocalSpark start(String master, Map<String, String> settings) {
    if (!master.matches("local(\\[.*\\])?")) {
      throw new IllegalArgumentException(
          "Cannot start Spark: expected local[N], or onCluster, found %s".formatted(master));
    }
    return session(master, settings);
  }

  private static LocalSpark session(String master, Map<String, String> settings) {
    Option<SparkSession> running = SparkSession.getDefaultSession();
    if (running.isDefined() && !running.get().sparkContext().isStopped()) {
      throw new IllegalStateException(
          "Cannot start Spark on %s: expected no session, found one that would be used instead (%s)"
              .formatted(master, running.get().sparkContext().master()));
    }
    SparkSession.Builder builder =
        SparkSession.builder()
            .master(master)
            .appName("test")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1");
    settings.forEach(builder::config);
    return new LocalSpark(builder.getOrCreate());
  }

  public SparkSession session() {
    return session;
  }

  public JavaSparkContext context() {
    return context;
  }

  @Override
  public void close() {
    session.stop();
  }
}
