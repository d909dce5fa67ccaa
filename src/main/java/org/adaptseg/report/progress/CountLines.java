package org.adaptseg.report.progress;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** How far a job is that counts equal things: a line now and then. Used by several threads. */
final class CountLines implements LongConsumer {
  private static final double NANOS = 1e9;
  private static final double SECONDS_BETWEEN_LINES = 5;

  private final PrintStream out;
  private final String name;
  private final String unit;
  private final Pace pace;
  private final LongSupplier nanos;
  private long lastLine;

  CountLines(PrintStream out, String name, long total, String unit, LongSupplier nanos) {
    this.out = out;
    this.name = name;
    this.unit = unit;
    this.pace = new Pace(total, 0, nanos);
    this.nanos = nanos;
    this.lastLine = nanos.getAsLong();
  }

  @Override
  public synchronized void accept(long done) {
    pace.reach(done);
    long now = nanos.getAsLong();
    if ((now - lastLine) / NANOS >= SECONDS_BETWEEN_LINES) {
      lastLine = now;
      out.printf(
          Locale.ROOT,
          "%s: %d/%d %s, %s left%n",
          name,
          Math.round(pace.done()),
          pace.length(),
          unit,
          ProgressText.duration(pace.secondsLeft()));
    }
  }
}
