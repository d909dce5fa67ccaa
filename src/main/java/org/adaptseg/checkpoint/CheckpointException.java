package org.adaptseg.checkpoint;

/** A checkpoint that cannot be loaded; the message says what was expected, found and where. */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CheckpointException(String message) {
    super(message);
  }

  CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
