package org.adaptseg.testing;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.storage.RDDInfo;

/**
 * Kills the JVM of an executor, as {@code kill -9} does, when a worker's task has started on it, in
 * the third round at the earliest, until two executors have died with their task unfinished. For
 * {@code spark.extraListeners}; one run at a time.
 */
public final class ExecutorKiller extends SparkListener {
  private static final int EARLIEST_ROUND = 3;
  private static final int DEATHS = 2;
  private static final AtomicInteger UNFINISHED = new AtomicInteger();

  private final Set<Integer> workers = new HashSet<>();
  private final Set<Long> victims = new HashSet<>();
  private int roundOfADeath;

  /** Tasks that were lost with their executor since the last call. */
  public static int lostTasks() {
    return UNFINISHED.getAndSet(0);
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted stage) {
    var infos = stage.stageInfo().rddInfos().iterator();
    while (infos.hasNext()) {
      RDDInfo info = infos.next();
      if (info.name().equals("workers")) {
        workers.add(stage.stageInfo().stageId());
        return;
      }
    }
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart task) {
    int round = workers.size();
    boolean due = round >= EARLIEST_ROUND && round > roundOfADeath && victims.size() < DEATHS;
    if (workers.contains(task.stageId()) && due) {
      ExecutorProcesses.with("--executor-id", task.taskInfo().executorId())
          .ifPresent(
              process -> {
                process.destroyForcibly();
                victims.add(task.taskInfo().taskId());
                roundOfADeath = round;
              });
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd task) {
    long id = task.taskInfo().taskId();
    if (victims.contains(id)) {
      if (task.reason() instanceof ExecutorLostFailure) {
        UNFINISHED.incrementAndGet();
      } else {
        victims.remove(id); // it had ended just before its executor: once more
      }
    }
  }
}
