package org.adaptseg.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;

/**
 * Prints, after every twentieth job, what must not grow in a long run. For {@code
 * spark.extraListeners} of a driver of its own.
 */
public final class LevelProbe extends SparkListener {
  private static final int EVERY = 20;
  private int jobs;

  @Override
  public void onJobEnd(SparkListenerJobEnd end) {
    if (++jobs % EVERY != 0) {
      return;
    }
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long driver = ExecutorProcesses.residentBytes(ProcessHandle.current().pid());
    long executors =
        ExecutorProcesses.all().stream()
            .mapToLong(process -> ExecutorProcesses.residentBytes(process.pid()))
            .sum();
    System.out.printf(
        "level: jobs=%d heap=%d driver=%d executors=%d broadcasts=%d files=%d%n",
        jobs, heap, driver, executors, broadcasts(), files());
  }

  private static long broadcasts() {
    long count = 0;
    var entries = SparkEnv.get().blockManager().blockInfoManager().entries();
    while (entries.hasNext()) {
      if (entries.next()._1().isBroadcast()) {
        count++;
      }
    }
    return count;
  }

  private static long files() {
    try (Stream<Path> all = Files.walk(Path.of(System.getProperty("spark.local.dir")))) {
      return all.filter(Files::isRegularFile).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (UncheckedIOException e) {
      return files(); // a file has gone meanwhile, as it should
    }
  }
}
