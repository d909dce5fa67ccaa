package org.adaptseg.job;

import java.time.Duration;
import org.adaptseg.config.RunConfig;
import org.adaptseg.engine.machine.NativeThreads;
import org.adaptseg.job.process.LocalFolders;
import org.adaptseg.spark.StoreSettings;
import org.adaptseg.spark.WorkerSlots;
import org.adaptseg.spark.round.RoundSettings;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * The Spark context of a command. One that was there before, as in a notebook or a shared cluster,
 * is used and left running; one that this made is stopped.
 */
public final class SparkHandle implements AutoCloseable {
  private final SparkSession session;
  private final boolean own;

  private SparkHandle(SparkSession session, boolean own) {
    this.session = session;
    this.own = own;
  }

  /** A program's own context, as in a notebook; closing the handle leaves it running. */
  public static SparkHandle on(JavaSparkContext context) {
    return new SparkHandle(new SparkSession(context.sc()), false);
  }

  /** The context of a run: waits until every worker has a place. */
  public static SparkHandle open(RunConfig config) {
    requireFolders();
    boolean existing = isThereOne();
    SparkConf conf = settings();
    int workers = config.cluster().workers();
    conf.setIfMissing("spark.master", "local[" + workers + "]");
    conf.setIfMissing("spark.app.name", "adaptseg " + config.run().name());
    if (!existing) {
      StoreSettings.addTo(conf);
      RoundSettings.addTo(conf);
    }
    WorkerSlots.requirePlanned(conf, workers);
    SparkRedaction.apply(conf);
    setLocal(conf);
    SparkSession session = SparkSession.builder().config(conf).getOrCreate();
    SparkHandle handle = new SparkHandle(session, !existing);
    try {
      if (computesHere(conf)) {
        NativeThreads.require(config.cluster().threadsPerWorker());
      }
      WorkerSlots.await(handle.context(), workers, patience(conf)).ifPresent(System.out::println);
    } catch (RuntimeException e) {
      handle.close();
      throw e;
    }
    return handle;
  }

  /** The context of a command that computes with no network: it takes the cores that it gets. */
  public static SparkHandle openForData(String name) {
    requireFolders();
    boolean existing = isThereOne();
    SparkConf conf = settings();
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.app.name", "adaptseg " + name);
    if (!existing) {
      StoreSettings.addTo(conf);
    }
    SparkRedaction.apply(conf);
    setLocal(conf);
    return new SparkHandle(SparkSession.builder().config(conf).getOrCreate(), !existing);
  }

  /**
   * Refuses a process in which Spark could not begin.
   *
   * @throws IllegalStateException if no folder for temporary files can be used
   */
  public static void requireFolders() {
    if (!isThereOne()) {
      LocalFolders.require(settings().get("spark.local.dir", ""));
    }
  }

  /** Whether there is a Spark context in this process, with a session or without. */
  public static boolean isThereOne() {
    return SparkEnv.get() != null;
  }

  /** Spark's settings: of the context that is there already, or what a new one begins with. */
  public static SparkConf settings() {
    return isThereOne() ? SparkEnv.get().conf().clone() : new SparkConf();
  }

  /** Whether the tasks of a run that begins now run in this process. */
  public static boolean computesHere() {
    return computesHere(settings());
  }

  /**
   * The same of a context that is not there yet. Asks without loading what configures Spark, which
   * takes longer than a small command itself.
   */
  static boolean wouldComputeHere() {
    return RoundSettings.isOneProcess(System.getProperty("spark.master", "local")) && !isThereOne();
  }

  /** Those of {@code local-cluster} have their own. */
  private static boolean computesHere(SparkConf conf) {
    return RoundSettings.isOneProcess(conf.get("spark.master", "local"));
  }

  private static void setLocal(SparkConf conf) {
    if (conf.get("spark.master").startsWith("local")) {
      // A laptop's run must not depend on its network names or on a free port.
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.ui.showConsoleProgress", "false");
      // Heartbeats say how far a round is; in one process they cost nothing.
      conf.setIfMissing("spark.executor.heartbeatInterval", "1s");
    }
  }

  /** Executors of a cluster that starts machines for them take minutes; the user knows how many. */
  private static Duration patience(SparkConf conf) {
    return Duration.ofSeconds(
        conf.getTimeAsSeconds("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s"));
  }

  /** The session. */
  public SparkSession session() {
    return session;
  }

  /** The context. */
  public JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  @Override
  public void close() {
    if (own) {
      session.stop();
    }
  }
}
