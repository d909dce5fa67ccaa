package org.adaptseg.cli;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.adaptseg.config.ConfigException;
import org.adaptseg.config.RunConfig;
import org.adaptseg.train.MemoryEstimate;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;

/** What memory workers have, against what a run needs. */
final class WorkerMemory {
  private static final double OVERHEAD_FACTOR = 0.1;
  private static final long LEAST_OVERHEAD = 384L << 20;
  private static final int MEBI = 20;

  private WorkerMemory() {}

  /**
   * Refuses a run that cannot fit, before anything starts.
   *
   * @throws ConfigException with what is needed and what is there
   */
  static void require(RunConfig config, MemoryEstimate estimate) {
    SparkConf conf = new SparkConf();
    String master = conf.get("spark.master", "local");
    long needed = estimate.workerBytes();
    long there;
    String where;
    if (master.startsWith("local") && !master.startsWith("local-cluster")) {
      needed *= config.cluster().workers();
      there =
          ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
              .getTotalMemorySize();
      where = "this machine";
    } else {
      long heap = JavaUtils.byteStringAsBytes(conf.get("spark.executor.memory", "1g"));
      long overhead =
          conf.contains("spark.executor.memoryOverhead")
              ? JavaUtils.byteStringAsMb(conf.get("spark.executor.memoryOverhead")) << MEBI
              : Math.max(LEAST_OVERHEAD, (long) (heap * OVERHEAD_FACTOR));
      there = heap + overhead;
      where = "an executor: spark.executor.memory + spark.executor.memoryOverhead";
    }
    if (needed > there) {
      throw new ConfigException(
          "the configuration",
          List.of(
              "memory: expected at least %d MB (%s), found %d MB (%s)"
                  .formatted(needed >> MEBI, estimate.describe(), there >> MEBI, where)));
    }
  }
}
