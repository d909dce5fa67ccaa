package org.adaptseg.report.progress;

import java.util.function.LongSupplier;

/** How fast a number of equal steps goes and how long the rest takes. Used by several threads. */
final class Pace {
  private static final double NANOS = 1e9;

  private final long length;
  private final double first;
  private final LongSupplier nanos;
  private double done;
  private long spent;
  private long since;
  private boolean running = true;

  /**
   * Starts the clock.
   *
   * @param length number of steps
   * @param first steps that were made before
   */
  Pace(long length, double first, LongSupplier nanos) {
    this.length = length;
    this.first = first;
    this.nanos = nanos;
    this.done = first;
    this.since = nanos.getAsLong();
  }

  /** Sets the number of steps made; never decreases. */
  synchronized void reach(double steps) {
    done = Math.max(done, Math.min(steps, length));
  }

  /** Stops the clock. */
  synchronized void pause() {
    spent += running ? nanos.getAsLong() - since : 0;
    running = false;
  }

  /** Starts the clock again. */
  synchronized void resume() {
    since = running ? since : nanos.getAsLong();
    running = true;
  }

  long length() {
    return length;
  }

  synchronized double done() {
    return done;
  }

  synchronized boolean isOver() {
    return done >= length;
  }

  /** Steps per second; 0 while nothing is known. */
  synchronized double rate() {
    double seconds = (spent + (running ? nanos.getAsLong() - since : 0)) / NANOS;
    return seconds > 0 ? (done - first) / seconds : 0;
  }

  /** Seconds until all steps are made; infinite while nothing is known. */
  synchronized double secondsLeft() {
    return isOver() ? 0 : (length - done) / rate();
  }
}
