package org.adaptseg.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;

/** How long rounds took. For {@code spark.extraListeners}; one run at a time. */
public final class RoundTimes extends SparkListener {
  private static final List<Long> MILLIS = Collections.synchronizedList(new ArrayList<>());

  private final Map<Integer, Long> begun = new HashMap<>();

  /** The rounds since the last call, in words: docs/reliability.md is written from them. */
  public static String describe(String what) {
    List<Long> sorted = new ArrayList<>(MILLIS);
    MILLIS.clear();
    Collections.sort(sorted);
    return sorted.isEmpty()
        ? what + ": no rounds"
        : String.format(
            Locale.ROOT,
            "%s: %d rounds, median %d ms, the longest %s ms",
            what,
            sorted.size(),
            sorted.get(sorted.size() / 2),
            sorted.subList(Math.max(0, sorted.size() - 3), sorted.size()));
  }

  @Override
  public void onJobStart(SparkListenerJobStart job) {
    String description = job.properties().getProperty("spark.job.description");
    if (description != null && description.startsWith("round ")) {
      begun.put(job.jobId(), job.time());
    }
  }

  @Override
  public void onJobEnd(SparkListenerJobEnd job) {
    Long time = begun.remove(job.jobId());
    if (time != null) {
      MILLIS.add(job.time() - time);
    }
  }
}
