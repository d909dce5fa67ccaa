package org.adaptseg.cli;

import org.adaptseg.job.process.Failures;

/** A command failed in a process that is not this program's own; the message says why. */
public final class JobFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private JobFailedException(String message, Throwable cause) {
    // Where it was thrown says nothing; where its cause was thrown may.
    super(message, cause, false, false);
  }

  /**
   * @param cause null if the arguments were not understood; standard error then says why
   */
  static JobFailedException of(Throwable cause) {
    return cause == null
        ? new JobFailedException("Cannot run: expected other arguments (see standard error)", null)
        : new JobFailedException(Failures.message(cause), cause);
  }
}
