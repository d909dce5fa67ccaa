package org.adaptseg.testing;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One session for the tests of a class that need no settings of their own: started by the first of
 * them, stopped after the last. A JVM has one at a time, so a test with a session of its own stops
 * this one first; the next that asks gets a new one.
 */
public final class SharedSpark implements AfterAllCallback {
  private final String master;
  private LocalSpark spark;

  /** Registered as an extension in a static field of the class; for example {@code local[2]}. */
  public SharedSpark(String master) {
    this.master = master;
  }

  /** The session; not to be closed. */
  public LocalSpark get() {
    if (spark == null) {
      spark = LocalSpark.start(master);
    }
    return spark;
  }

  /** Stops it until it is asked for again. */
  public void stop() {
    if (spark != null) {
      spark.close();
      spark = null;
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    stop();
  }
}
