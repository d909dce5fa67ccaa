package org.adaptseg.job.process;

/** A command whose numbers depend on the number of native threads. */
public interface Threaded {
  /** Native threads of a worker, at least 1. */
  int threads();
}
