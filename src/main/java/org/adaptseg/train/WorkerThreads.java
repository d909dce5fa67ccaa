package org.adaptseg.train;

import java.util.Locale;

/**
 * The native threads of a worker. Sums over pixels are split among them, so their number is part of
 * a run's configuration; the OpenMP runtime takes it from the environment when it is loaded.
 */
public final class WorkerThreads {
  /** The variable that OpenMP reads. */
  public static final String VARIABLE = "OMP_NUM_THREADS";

  private WorkerThreads() {}

  /**
   * Refuses a process whose thread number is not the configured one.
   *
   * @throws IllegalStateException with what to set
   */
  public static void require(int threads) {
    String found = System.getenv(VARIABLE);
    if (!String.valueOf(threads).equals(found)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot compute with cluster.threads-per-worker: %d: expected %s=%d in this process's environment, found %s (set it before the program starts; on a cluster: spark.executorEnv.%s)",
              threads,
              VARIABLE,
              threads,
              found == null ? "nothing" : found,
              VARIABLE));
    }
  }
}
