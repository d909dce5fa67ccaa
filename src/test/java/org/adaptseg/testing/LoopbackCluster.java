package org.adaptseg.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;

/**
 * A standalone master and its workers in this JVM; executors are JVMs of their own. Every worker
 * has a loopback address of its own, because Spark runs a second attempt only on another host.
 */
public final class LoopbackCluster implements AutoCloseable {
  private final List<RpcEnv> parts = new ArrayList<>();
  private final String master;

  private LoopbackCluster(RpcEnv master) {
    this.master = master.address().toSparkURL();
    parts.add(master);
  }

  /** The address of a worker, from 0. */
  public static String host(int worker) {
    return "127.0.0." + (worker + 2);
  }

  /**
   * Starts a cluster.
   *
   * @param workers each with one core and a gigabyte
   * @param directory of the executors' logs
   */
  @Starts
  public static LoopbackCluster start(int workers, Path directory) {
    SparkConf conf = new SparkConf(false);
    RpcEnv master = Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf)._1();
    LoopbackCluster cluster = new LoopbackCluster(master);
    for (int worker = 0; worker < workers; worker++) {
      cluster.parts.add(
          Worker.startRpcEnvAndEndpoint(
              host(worker),
              0,
              0,
              1,
              1024,
              new String[] {cluster.master},
              directory.resolve("worker-" + worker).toString(),
              Option.empty(),
              conf,
              Option.empty()));
    }
    return cluster;
  }

  /** For {@code spark.master}. */
  public String master() {
    return master;
  }

  @Override
  public void close() {
    for (int i = parts.size() - 1; i >= 0; i--) {
      parts.get(i).shutdown();
      parts.get(i).awaitTermination();
    }
  }
}
