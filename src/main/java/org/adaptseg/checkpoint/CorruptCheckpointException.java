package org.adaptseg.checkpoint;

import java.io.IOException;

/** A checkpoint whose files are missing, cut short or changed. */
final class CorruptCheckpointException extends IOException {
  private static final long serialVersionUID = 1L;

  CorruptCheckpointException(String message) {
    super(message);
  }
}
