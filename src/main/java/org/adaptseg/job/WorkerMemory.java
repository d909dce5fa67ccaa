package org.adaptseg.job;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.spark.round.RoundSettings;
import org.adaptseg.train.MemoryEstimate;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;

/** What memory the driver and the workers have, against what a run needs. */
public final class WorkerMemory {
  private static final double OVERHEAD_FACTOR = 0.1;
  private static final long LEAST_OVERHEAD = 384L << 20;
  private static final int MEBI = 20;

  private final RunConfig config;
  private final MemoryEstimate estimate;
  private final SparkConf conf;
  private final List<String> problems = new ArrayList<>();

  /**
   * What this process and its machine have.
   *
   * @param heap the most that Java's heap may grow to, in bytes
   * @param total of the machine, in bytes
   */
  record Machine(long heap, long total) {
    static Machine here() {
      var system =
          (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      return new Machine(Runtime.getRuntime().maxMemory(), system.getTotalMemorySize());
    }
  }

  private WorkerMemory(RunConfig config, MemoryEstimate estimate, SparkConf conf) {
    this.config = config;
    this.estimate = estimate;
    this.conf = conf;
  }

  /**
   * Refuses a run that cannot fit, before anything starts.
   *
   * @throws ConfigException with all that is needed and what is there
   */
  public static void require(RunConfig config, MemoryEstimate estimate) {
    require(config, estimate, SparkHandle.settings(), Machine.here());
  }

  static void require(RunConfig config, MemoryEstimate estimate, SparkConf conf, Machine machine) {
    WorkerMemory memory = new WorkerMemory(config, estimate, conf);
    if (RoundSettings.isOneProcess(conf.get("spark.master", "local"))) {
      memory.local(machine);
    } else {
      memory.driver(machine);
      memory.executor();
    }
    if (!memory.problems.isEmpty()) {
      memory.problems.add(estimate.describe());
      throw new ConfigException("the configuration", memory.problems);
    }
  }

  private void local(Machine machine) {
    int workers = config.cluster().workers();
    long heap = estimate.localHeapBytes(workers);
    needs("Java's heap", heap, machine.heap(), "-Xmx, ADAPTSEG_JAVA_OPTIONS");
    needs(
        "memory of this machine",
        heap + workers * estimate.nativeBytes(),
        machine.total(),
        String.format(Locale.ROOT, "heap, and %d times what a worker has beside it", workers));
  }

  private void driver(Machine machine) {
    // In every deploy mode this runs in the driver.
    needs("the driver's heap", estimate.driverBytes(), machine.heap(), "spark.driver.memory");
    long results = bytes("spark.driver.maxResultSize", "1g");
    if (results > 0) {
      needs("results of a round", estimate.stateBytes(), results, "spark.driver.maxResultSize");
    }
  }

  private void executor() {
    int gpus = conf.getInt("spark.executor.resource.gpu.amount", 0);
    int cores = conf.getInt("spark.executor.cores", 1);
    int slots = Math.max(1, gpus > 0 ? gpus : cores / conf.getInt("spark.task.cpus", 1));
    int workers = Math.min(slots, config.cluster().workers());
    String each =
        workers == 1 ? "" : String.format(Locale.ROOT, ", %d workers in an executor", workers);
    long heap = bytes("spark.executor.memory", "1g");
    needs("executor heap", workers * estimate.heapBytes(), heap, "spark.executor.memory" + each);
    if (gpus == 0) {
      long overhead =
          conf.contains("spark.executor.memoryOverhead")
              ? JavaUtils.byteStringAsMb(conf.get("spark.executor.memoryOverhead")) << MEBI
              : Math.max(LEAST_OVERHEAD, (long) (heap * OVERHEAD_FACTOR));
      needs(
          "executor memory beside the heap",
          workers * estimate.nativeBytes(),
          overhead,
          "spark.executor.memoryOverhead" + each);
    }
  }

  private long bytes(String key, String missing) {
    return JavaUtils.byteStringAsBytes(conf.get(key, missing));
  }

  private void needs(String what, long expected, long found, String where) {
    if (expected > found) {
      problems.add(
          String.format(
              Locale.ROOT,
              "%s: expected at least %d MB, found %d MB (%s)",
              what,
              expected >> MEBI,
              found >> MEBI,
              where));
    }
  }
}
