package org.adaptseg.testing;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts second attempts that came first. For {@code spark.extraListeners}; one run at a time. */
public final class SpeculationCounter extends SparkListener {
  private static final AtomicInteger WON = new AtomicInteger();

  /** Since the last call. */
  public static int won() {
    return WON.getAndSet(0);
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd task) {
    if (task.taskInfo().speculative() && task.taskInfo().successful()) {
      WON.incrementAndGet();
    }
  }
}
