package org.adaptseg.job.process;

import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * Keeps Spark from telling how it falls apart in a process that ends: when its context stops, its
 * threads still give each other work, and log the stack traces of what is refused. What is to be
 * said of the end has been said before, by {@link StopSignal} or by the command.
 */
public final class QuietEnd {
  /** After {@link StopSignal}, which runs at 100, and before Spark's hooks, which run at 40. */
  private static final int BEFORE_SPARK_STOPS = 50;

  private QuietEnd() {}

  /** For a process that is this program's own. */
  public static void prepare() {
    ShutdownHookManager manager = ShutdownHookManager.get();
    if (!manager.isShutdownInProgress()) {
      manager.addShutdownHook(QuietEnd::begin, BEFORE_SPARK_STOPS);
    }
  }

  private static void begin() {
    Configurator.setAllLevels(LogManager.ROOT_LOGGER_NAME, Level.OFF);
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {});
  }

  /** Whether the process is ending, so that a command's failure is a result and no cause. */
  public static boolean hasBegun() {
    return ShutdownHookManager.get().isShutdownInProgress();
  }
}
