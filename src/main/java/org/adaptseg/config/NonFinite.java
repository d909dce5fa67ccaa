package org.adaptseg.config;

/** What a run does when a loss or a gradient is no longer a number. */
public enum NonFinite {
  /** The run ends, after saving the state from before the round. */
  STOP,
  /** The worker leaves the iteration out: nothing of it stays, and it is counted. */
  SKIP
}
