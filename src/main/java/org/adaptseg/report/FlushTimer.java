package org.adaptseg.report;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Says when a growing file is worth writing again: ten seconds after the start, and then after
 * pauses that double up to ten minutes. A short run is seen at once, and one of days is not slowed.
 */
public final class FlushTimer {
  private static final long FIRST = TimeUnit.SECONDS.toNanos(10);
  private static final long LONGEST = TimeUnit.MINUTES.toNanos(10);

  private final LongSupplier nanos;
  private long pause = FIRST;
  private long last;

  /**
   * The first pause begins now.
   *
   * @param nanos a clock, in nanoseconds
   */
  public FlushTimer(LongSupplier nanos) {
    this.nanos = nanos;
    this.last = nanos.getAsLong();
  }

  /** Whether the pause is over; if so, the next one begins. */
  public boolean isDue() {
    long now = nanos.getAsLong();
    if (now - last < pause) {
      return false;
    }
    last = now;
    pause = Math.min(2 * pause, LONGEST);
    return true;
  }
}
